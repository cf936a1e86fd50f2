"""Addresses under /api/v1/. Every read goes through `visible_to`; the one write calls the verb the pages call."""

from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from ninja.pagination import LimitOffsetPagination, paginate

from buendnisse import clock, permissions
from buendnisse.enums import Via
from buendnisse.models import Body, Person
from meetings.api.schemas import AgendaItemIn, AgendaItemOut, BodyOut, DecisionOut, MeetingOut, Refusal, RelayOut
from meetings.domain import agenda_proposals, calls
from meetings.models import AgendaItem, Decision, Meeting, Relay

router = Router()

BodySlug = Annotated[str, Query("", max_length=50, description="Slug of a body")]


def _person(request: HttpRequest) -> Person:
    person = request.auth  # type: ignore[attr-defined]  # set by ninja from the token
    assert isinstance(person, Person)  # noqa: S101 -- the router is mounted behind the token
    return person


@router.get("/bodies", response=list[BodyOut], tags=["bodies"])
@paginate(LimitOffsetPagination)
def bodies(request: HttpRequest) -> QuerySet[Body]:
    """Alliances, units and outside bodies."""
    if not permissions.may_see_overview(_person(request), at=clock.now()):
        return Body.objects.none()
    return Body.objects.order_by("kind", "slug")


@router.get("/meetings", response=list[MeetingOut], tags=["meetings"])
@paginate(LimitOffsetPagination)
def meetings(request: HttpRequest, body: BodySlug = "") -> QuerySet[Meeting]:
    """Meetings in the order of their dates."""
    found = Meeting.objects.visible_to(_person(request), at=clock.now()).select_related("alliance", "venue")
    return (found.filter(alliance__slug=body) if body else found).order_by("start", "pk")


@router.get("/meetings/{slug}", response=MeetingOut, tags=["meetings"])
def meeting(request: HttpRequest, slug: str) -> Meeting:
    """One meeting."""
    return _meeting(request, slug)


@router.get("/meetings/{slug}/agenda", response=list[AgendaItemOut], tags=["meetings"])
def meeting_agenda(request: HttpRequest, slug: str) -> QuerySet[AgendaItem]:
    """The agenda in its order."""
    items = AgendaItem.objects.visible_to(_person(request), at=clock.now()).on_agenda()
    return items.filter(meeting=_meeting(request, slug)).select_related("answers")


@router.post(
    "/meetings/{slug}/agenda-items",
    response={201: AgendaItemOut, 403: Refusal, 409: Refusal, 422: Refusal},
    tags=["meetings"],
)
def propose(request: HttpRequest, slug: str, item: AgendaItemIn) -> Status[AgendaItem]:
    """Propose an item for a meeting, as its person would on the page. The same key is the same item."""
    person = _person(request)
    target = _meeting(request, slug)
    if not (permissions.may_moderate(person) or calls.may_propose(person, target, at=clock.now())):
        raise PermissionDenied
    proposed = agenda_proposals.propose(
        alliance=target.alliance,
        meeting=target,
        title=item.title,
        description=item.description,
        kind=item.kind,
        minutes=item.duration_minutes,
        wished_result=item.wished_result,
        proposer=person,
        form_key=item.key,
        via=Via.API,
        at=clock.now(),
    )
    return Status(201, proposed)


@router.get("/decisions", response=list[DecisionOut], tags=["decisions"])
@paginate(LimitOffsetPagination)
def decisions(request: HttpRequest, body: BodySlug = "") -> QuerySet[Decision]:
    """Decisions, the latest first."""
    found = Decision.objects.visible_to(_person(request), at=clock.now()).select_related("alliance", "meeting")
    return (found.filter(alliance__slug=body) if body else found).order_by("-decided_on", "-pk")


@router.get("/decisions/{number}", response=DecisionOut, tags=["decisions"])
def decision(request: HttpRequest, number: str) -> Decision:
    """One decision by its number."""
    found = Decision.objects.visible_to(_person(request), at=clock.now()).select_related("alliance", "meeting")
    return get_object_or_404(found, number=number)


@router.get("/relays", response=list[RelayOut], tags=["relays"])
@paginate(LimitOffsetPagination)
def relays(request: HttpRequest, body: BodySlug = "") -> QuerySet[Relay]:
    """Relays sent by or to a body, the latest first."""
    found = _relays(request)
    if body:
        found = found.filter(source__slug=body) | found.filter(target__slug=body)
    return found.order_by("-number")


@router.get("/relays/{number}", response=RelayOut, tags=["relays"])
def relay(request: HttpRequest, number: str) -> Relay:
    """One relay by its number, with its answer."""
    return get_object_or_404(_relays(request), number=number)


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    found = Meeting.objects.visible_to(_person(request), at=clock.now()).select_related("alliance", "venue")
    return get_object_or_404(found.distinct(), slug=slug)


def _relays(request: HttpRequest) -> QuerySet[Relay]:
    return Relay.objects.visible_to(_person(request), at=clock.now()).select_related(
        "source", "target", "source_decision", "answer_decision", "follows"
    )
