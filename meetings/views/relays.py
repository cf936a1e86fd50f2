"""Relays: the board, and the page that shows the whole way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, PaperVersion, Sight, sight_of
from buendnisse.permissions import Someone
from buendnisse.views.downloads import as_download
from buendnisse.views.gate import only
from buendnisse.views.links import by_link
from meetings.adapters import path_list, path_pdf, path_picture, path_svg
from meetings.domain import (
    relay_board,
    relay_ground,
    relay_options,
    relay_papers,
    relay_path,
    relay_turn,
    relay_undo,
    whom_to_ask,
)
from meetings.domain.relay_options import Offer
from meetings.enums import Happened
from meetings.forms.relay_board import BoardFilters
from meetings.models import Relay


def may_read(person: Someone) -> bool:
    """Relays are part of the overview that members of all bodies share."""
    return permissions.may_see_overview(person, at=clock.now())


readers = only(may_read)


@only(permissions.is_signed_in)
@require_safe
def board(request: PersonRequest) -> HttpResponse:
    """Every relay the reader may see. What that is, is asked once for the gate and the rows."""
    at = clock.now()
    sight = _sight(request, at)
    offered = relay_board.choices(at=at)
    choice = BoardFilters(request.GET, offered=offered, with_drafts=permissions.may_moderate(request.user))
    filters = choice.filters
    context = {
        "choice": choice,
        "board": relay_board.board(sight, filters, bodies=offered.bodies, number=request.GET.get("seite"), at=at),
        "filters": filters,
    }
    return render(request, "meetings/relay_board.html", context)


@only(permissions.is_signed_in)
@require_safe
def path(request: PersonRequest, number: str) -> HttpResponse:
    """The whole way, and for the Fachstelle what can be done next."""
    at = clock.now()
    way = relay_path.path_of(number.upper(), reader=_sight(request, at), at=at)
    if way is None:
        raise Http404
    options = relay_options.offers(way.relay, request.user, at=at)
    context = {"options": options, "slip": _slip(way.relay, request.user, options, at=at)}
    return render(request, "meetings/relay_path.html", {**context, **_way(way, request.user, at=at), **_drawn(way)})


@readers
@require_safe
def pdf(request: PersonRequest, number: str) -> HttpResponse:
    """The way to print, to file and to hand on."""
    way = relay_path.path(relay_of(request.user, number), reader=request.user, at=clock.now(), is_for_others=True)
    return _file(path_pdf.render(way, at=clock.now()), f"Weg-{number}.pdf")


@readers
@require_safe
def paper(request: PersonRequest, number: str, slug: str) -> HttpResponseBase:
    """A paper that was handed on with it, for who may read it."""
    found = relay_papers.version(relay_of(request.user, number), request.user, slug=slug, at=clock.now())
    return _paper(found)


@require_safe
@by_link(LinkPurpose.RELAY)
def paper_by_letter(request: HttpRequest, link: AccessLink, slug: str) -> HttpResponseBase:
    """The same behind the personal link, of the relay the link is for."""
    found = relay_papers.version(relay_of_link(link), link.person, slug=slug, at=clock.now())
    return _paper(found)


@require_safe
@by_link(LinkPurpose.RELAY)
def by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The way as members read it from a mail, without signing in; who is asked finds what they can do there."""
    one, at = relay_of_link(link), clock.now()
    way = relay_path.path(one, reader=link.person, at=at)
    options = relay_options.offers(one, link.person, at=at)
    return render(
        request,
        "meetings/relay_link.html",
        {
            "link": link,
            "options": options,
            "slip": _slip(one, link.person, options, at=at),
            **_way(way, link.person, link=link, at=at),
        },
    )


def relay_of(person: Someone, number: str) -> Relay:
    """The relay with this number, if the person may see it. Raises Http404."""
    visible = Relay.objects.visible_to(person, at=clock.now())
    return get_object_or_404(visible.select_related(*relay_turn.RELATED), number=number.upper())


def relay_of_link(link: AccessLink) -> Relay:
    """The relay a letter's link is for, if its reader may (still) see it. Raises Http404."""
    visible = Relay.objects.visible_to(link.person, at=clock.now())
    return get_object_or_404(visible.select_related(*relay_turn.RELATED), pk=link.subject_id)


def _sight(request: PersonRequest, at: dt.datetime) -> Sight:
    """What the reader sees, asked once for gate and rows. Raises PermissionDenied."""
    sight = sight_of(request.user, at=at)
    if not sight.overview:
        raise PermissionDenied
    return sight


def _slip(one: Relay, person: Someone, options: Collection[Offer], *, at: dt.datetime) -> dict[str, Any] | None:
    """The last step and its name, as long as this person can put it right: their own, or for the Fachstelle anybody's.

    Nothing is asked for those who can do nothing here.
    """
    step = relay_undo.last_step(one, at=at) if options else None
    if step is None or not (permissions.may_moderate(person) or step.by_id == person.pk):
        return None
    return {"step": step.pk, "words": Happened(step.verb).label}


def _drawn(way: relay_path.Path) -> dict[str, Any]:
    picture = path_picture.draw(way)
    return {"picture": picture, "drawing": path_svg.drawn(picture)}


def _way(way: relay_path.Path, reader: Someone, *, link: AccessLink | None = None, at: dt.datetime) -> dict[str, Any]:
    one = way.relay
    around = relay_turn.surroundings(
        [one.source, one.target], is_ours=permissions.may_moderate(reader), reader=reader.pk, at=at
    )
    return {
        "relay": one,
        "path": way,
        "steps": path_list.listed(way, is_by_link=link is not None),
        "contact": whom_to_ask.about(one, at=at),
        "waiting": relay_turn.waiting_for(one, at=at, around=around),
        "lost_ground": relay_ground.lost_ground(one) if relay_ground.has_lost_its_ground(one) else "",
        "lost_answer": relay_ground.lost_answer(one),
        "is_overdue": relay_turn.is_overdue(one, clock.local_date(at)),
    }


def _paper(version: PaperVersion | None) -> HttpResponseBase:
    if version is None:
        raise Http404
    return as_download(version)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
