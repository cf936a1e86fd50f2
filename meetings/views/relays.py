"""Relays: the board, a new one, and the page that shows the whole way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import AccessLink
from buendnisse.permissions import Someone
from buendnisse.views.gate import moderator, only
from buendnisse.views.links import by_link
from meetings.adapters import path_pdf, path_picture
from meetings.domain import relay, relay_arrival, relay_board, relay_options, relay_path, relay_rules, relay_turn
from meetings.forms.relays import BoardForm, RelayForm
from meetings.models import AgendaItem, Decision, Relay


def may_read(person: Someone) -> bool:
    """Relays are part of the overview that members of all bodies share."""
    return permissions.may_see_overview(person, at=clock.now())


readers = only(may_read)


@readers
@require_safe
def board(request: PersonRequest) -> HttpResponse:
    at = clock.now()
    offered = relay_board.choices(at=at)
    form = BoardForm(request.GET, offered=offered, with_drafts=permissions.may_moderate(request.user))
    filters = form.filters
    context = {
        "choice": form,
        "board": relay_board.board(
            request.user, filters, bodies=offered.bodies, number=request.GET.get("seite"), at=at
        ),
        "filters": filters,
    }
    return render(request, "meetings/relay_board.html", context)


@readers
@require_safe
def path(request: PersonRequest, number: str) -> HttpResponse:
    """The whole way, and for the Fachstelle what can be done next."""
    one = relay_of(request.user, number)
    options = relay_options.options(one) if permissions.may_moderate(request.user) else ()
    return render(request, "meetings/relay_path.html", {"options": options, **_way(one, request.user)})


@readers
@require_safe
def pdf(request: PersonRequest, number: str) -> HttpResponse:
    """The way to print and to file."""
    way = relay_path.path(relay_of(request.user, number), reader=request.user, at=clock.now())
    return _file(path_pdf.render(way, at=clock.now()), f"Weg-{number}.pdf")


@require_safe
@by_link(LinkPurpose.RELAY)
def by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The way as members read it from a mail, without signing in."""
    one = get_object_or_404(Relay.objects.visible_to(link.person, at=clock.now()), pk=link.subject_id)
    return render(request, "meetings/relay_link.html", {"link": link, **_way(one, link.person)})


@moderator
def new(request: PersonRequest) -> HttpResponse:
    """Hand a decision or an item over. Shows before sending when each target meets and whether the date fits."""
    if not {"decision", "item", "folgt"} & request.GET.keys():
        return render(
            request, "meetings/relay_choose.html", {"decisions": relay_board.decisions_to_relay(at=clock.now())}
        )
    source, follows = _source(request)
    form = _relay_form(request, source, follows)
    step = request.POST.get("schritt", "")
    outlooks: list[relay_arrival.Outlook] = []
    if request.method == "POST" and form.is_valid():
        due_on = form.cleaned_data["due_on"]
        outlooks = [relay_arrival.outlook(body, due_on=due_on, at=clock.now()) for body in form.bodies]
        if step in {"senden", "entwurf"} and (
            sent := _hand_over(request, source, follows, form, as_draft=step == "entwurf")
        ):
            return (
                redirect("meetings:relay_path", number=sent[0].number)
                if len(sent) == 1
                else redirect("meetings:relay_board")
            )
    context = {"source": source, "follows": follows, "form": form, "outlooks": outlooks}
    return render(request, "meetings/relay_new.html", context)


def relay_of(person: Someone, number: str) -> Relay:
    """The relay with this number, if the person may see it. Raises Http404."""
    visible = Relay.objects.visible_to(person, at=clock.now())
    return get_object_or_404(visible.select_related(*relay_turn.RELATED), number=number.upper())


def _way(one: Relay, reader: Someone) -> dict[str, Any]:
    at = clock.now()
    way = relay_path.path(one, reader=reader, at=at)
    return {
        "relay": one,
        "path": way,
        "picture": path_picture.draw(way),
        "waiting": relay_turn.waiting_for(one, at=at),
        "lost_ground": relay_turn.lost_ground(one) if relay_turn.has_lost_its_ground(one) else "",
        "is_overdue": relay_turn.is_overdue(one, clock.local_date(at)),
    }


def _source(request: PersonRequest) -> tuple[relay_rules.Source, Relay | None]:
    """What is handed on: ?decision=, ?item=, or once more what an ended relay carried (?folgt=)."""
    at = clock.now()
    follows = relay_of(request.user, number) if (number := request.GET.get("folgt", "")) else None
    if follows is not None and "decision" not in request.GET and "item" not in request.GET:
        return relay_rules.source_of(follows), follows
    if pk := number_in(request.GET, "decision"):
        decisions = Decision.objects.visible_to(request.user, at=at).select_related("alliance", "agenda_item")
        return get_object_or_404(decisions, pk=pk), follows
    if pk := number_in(request.GET, "item"):
        items = AgendaItem.objects.visible_to(request.user, at=at).select_related("alliance")
        return get_object_or_404(items, pk=pk), follows
    raise Http404


def _relay_form(request: PersonRequest, source: relay_rules.Source, follows: Relay | None) -> RelayForm:
    at = clock.now()
    targets = source.alliance.may_relay_to.valid_on(clock.local_date(at)).order_by("kind", "pk")
    item = source.agenda_item if isinstance(source, Decision) else source
    subject = follows.subject if follows else (item.title if item else "")
    initial: dict[str, Any] = {"subject": subject, "message": source.text if isinstance(source, Decision) else ""}
    if follows:
        initial |= {"targets": [str(follows.target_id)], "kind": follows.kind, "message": follows.message}
    return RelayForm(
        request.POST or None,
        outlooks=[relay_arrival.outlook(body, due_on=None, at=at) for body in targets],
        papers=list(item.papers.all()) if item else [],
        initial=initial,
    )


def _hand_over(
    request: PersonRequest, source: relay_rules.Source, follows: Relay | None, form: RelayForm, *, as_draft: bool
) -> list[Relay]:
    """One relay a target; empty where one was refused, with the reason beside the form."""
    try:
        sent = relay.hand_over_to_all(
            source,
            [form.words_for(body) for body in form.bodies],
            follows=follows,
            as_draft=as_draft,
            by=request.user,
            at=clock.now(),
        )
    except relay_rules.RelayRefused as refused:
        form.add_error(None, str(refused))
        return []
    told = _("Entwurf gespeichert.") if as_draft else _("Weitergeleitet. Die Mail geht in einer Minute hinaus.")
    messages.success(request, told)
    return sent


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
