"""Handing a decision or a topic over: what can be told before it goes out, and what to do where the date does not fit."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest, number_in
from buendnisse.views.gate import moderator
from meetings.domain import relay, relay_arrival, relay_board, relay_options, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_arrival import Outlook
from meetings.domain.relay_options import Option
from meetings.enums import RELAY_OPEN, RelayKind
from meetings.forms.relays import RelayForm
from meetings.forms.search import WordsFilter
from meetings.models import AgendaItem, Decision, Relay
from meetings.views.relay_act_table import vote_page
from meetings.views.relay_acts import say
from meetings.views.relay_said import sent_words
from meetings.views.relays import relay_of

_SOURCES = {"decision", "beschluss", "item", "folgt"}
#: What the buttons say: the word, and for some of them a day or the id of a body behind the colon.
_SEND, _KEEP, _VOTE, _DATE = "senden", "entwurf", "abstimmen", "frist"


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def new(request: PersonRequest) -> HttpResponse:
    """Hand a decision or an item over. Shows before sending when each target meets and whether the date fits."""
    if not _SOURCES & request.GET.keys():
        return _choose(request)
    source, follows = _source(request)
    step, _colon, about = request.POST.get("schritt", "").partition(":")
    form = _form(request, source, follows, due_on=about if step == _DATE else "")
    outlooks: list[Outlook] = []
    if request.method == "POST" and form.is_valid() and _may_go(form):
        outlooks = _outlooks(form)
        if step in {_SEND, _KEEP, _VOTE} and (sent := _hand_over(request, source, follows, form, step=step)):
            return _on(request, sent, step=step, about=about)
    before = relay_rules.carried_before(source)
    context = {
        "source": source,
        "follows": follows,
        "form": form,
        "outlooks": outlooks,
        "fitting_date": relay_arrival.fitting_date(outlooks),
        "fallen": _fallen(source),
        "before": before,
        "twice": _twice(form, before),
    }
    return render(request, "meetings/relay_new.html", context)


def _choose(request: PersonRequest) -> HttpResponse:
    """Which decision it is to be: the latest ones, or those with the words that were looked for."""
    form = WordsFilter(request.GET)
    words = form.wanted["q"]
    context = {"form": form, "words": words, "decisions": relay_board.decisions_to_relay(words, at=clock.now())}
    return render(request, "meetings/relay_choose.html", context)


def _source(request: PersonRequest) -> tuple[relay_rules.Source, Relay | None]:
    """What is handed on: ?decision=, ?beschluss= by its number, ?item=, or once more what an ended relay carried (?folgt=)."""
    at = clock.now()
    follows = relay_of(request.user, number) if (number := request.GET.get("folgt", "")) else None
    decisions = Decision.objects.visible_to(request.user, at=at).select_related("alliance", "agenda_item")
    if pk := number_in(request.GET, "decision"):
        return get_object_or_404(decisions, pk=pk), follows
    if number := request.GET.get("beschluss", ""):
        return get_object_or_404(decisions, number=number.upper()), follows
    if pk := number_in(request.GET, "item"):
        items = AgendaItem.objects.visible_to(request.user, at=at).filter(standing_code="")
        return get_object_or_404(items.select_related("alliance"), pk=pk), follows
    if follows is None:
        raise Http404
    carried = relay_rules.source_of(follows)
    return (relay_rules.newest_of(carried) if isinstance(carried, Decision) else carried), follows


def _form(request: PersonRequest, source: relay_rules.Source, follows: Relay | None, *, due_on: str = "") -> RelayForm:
    """The form as posted, with the new date where its button was pressed; else as it begins."""
    at = clock.now()
    targets = source.alliance.may_relay_to.valid_on(clock.local_date(at)).order_by("kind", "pk")
    item = source.agenda_item if isinstance(source, Decision) else source
    initial: dict[str, Any] = {"subject": follows.subject if follows else (item.title[:200] if item else "")}
    if follows:
        initial |= {"targets": [str(follows.target_id)], "kind": follows.kind}
        initial |= {"message": follows.message, "cover": follows.cover}
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and due_on:
        data["due_on"] = due_on
    return RelayForm(
        data,
        outlooks=[relay_arrival.outlook(body, due_on=None, at=at) for body in targets],
        papers=list(item.papers.all()) if item else [],
        answered=relay_board.that_may_support(source.alliance, at=at),
        initial=initial,
    )


def _may_go(form: RelayForm) -> bool:
    """What sending would refuse is said before, beside its field."""
    said = form.cleaned_data
    for name, refused in relay_rules.foreseen(
        RelayKind(said["kind"]), form.bodies, due_on=said["due_on"], today=clock.local_date(clock.now())
    ):
        form.add_error(name, refused)
    return not form.errors


def _outlooks(form: RelayForm) -> list[Outlook]:
    due_on = form.cleaned_data["due_on"]
    return [relay_arrival.outlook(body, due_on=due_on, at=clock.now()) for body in form.bodies]


def _twice(form: RelayForm, before: list[Relay]) -> list[Relay]:
    """Of what was handed on before and is still open, what goes to a body that is chosen once more."""
    chosen = {body.pk for body in form.bodies} if form.is_bound and form.is_valid() else set()
    return [one for one in before if one.target_id in chosen and one.state in RELAY_OPEN]


def _fallen(source: relay_rules.Source) -> str:
    """Why it cannot be handed on, said before anybody has typed anything."""
    try:
        relay_rules.require_standing(source)
        relay_rules.require_open(source)
    except relay_rules.RelayRefused as refused:
        return str(refused)
    return ""


def _hand_over(
    request: PersonRequest, source: relay_rules.Source, follows: Relay | None, form: RelayForm, *, step: str
) -> list[Relay]:
    """One relay a target; empty where one was refused, with the reason beside the form."""
    try:
        return relay.hand_over_to_all(
            source,
            [form.words_for(body) for body in form.bodies],
            follows=follows,
            as_draft=step == _KEEP,
            by=request.user,
            at=clock.now(),
        )
    except (relay_rules.RelayRefused, MoveRefused) as refused:
        form.add_error(None, str(refused))
        return []


def _on(request: PersonRequest, sent: list[Relay], *, step: str, about: str) -> HttpResponse:
    """To the relay, or to the vote by mail about it; to the board where there are several."""
    if step == _KEEP:
        say(request, _("Entwurf gespeichert."))
    else:
        say(request, sent_words(sent), *sent)
    asked = next((one for one in sent if str(one.target_id) == about), None)
    if step == _VOTE and asked is not None and Option.VOTE in relay_options.options(asked):
        return redirect(vote_page(asked))
    if len(sent) == 1:
        return redirect("meetings:relay_path", number=sent[0].number)
    return redirect("meetings:relay_board")
