"""Writing a vote by mail before it is opened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Alliance, Paper
from buendnisse.models.paper import PaperQuerySet
from buendnisse.views.gate import moderator
from meetings.domain import circular, circular_rules, relay, relay_options, relay_turn
from meetings.domain.circular_rules import CircularRefused, EndRefused
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_options import Option
from meetings.domain.relay_rules import RelayRefused
from meetings.domain.versions import Stale
from meetings.forms.votes import AllianceForm, VoteForm
from meetings.models import AgendaItem, CircularVote, Relay
from notifications.views.votes import vote_of

_METHODS = ["GET", "HEAD", "POST"]
_PAPERS = 30  # the newest ones; more would be no choice


@require_http_methods(_METHODS)
@moderator
def new(request: PersonRequest) -> HttpResponse:
    """For an alliance (?buendnis=), about an item (?punkt=) or what another body asks (?bitte=); else the alliance is asked first."""
    asked = _asked(request)
    item = asked.target_item if asked else _item(request)
    alliance = _alliance_of(asked) if asked else item.alliance if item else _alliance(request)
    if alliance is None:
        return render(request, "notifications/vote_choose.html", {"form": _choice()})
    papers = _papers(alliance, item, asked=asked)
    form = VoteForm(request.POST or None, papers=papers, initial=_begin(alliance, item, asked))
    if request.method == "POST" and form.is_valid():
        try:
            vote = _draft(request, form, alliance, item, asked)
        except CircularRefused as refused:
            _show(form, refused)
        except (RelayRefused, MoveRefused) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("notifications:vote_open", vote.number)
    context = {"form": form, "alliance": alliance, "item": item, "asked": asked}
    return render(request, "notifications/vote_new.html", context)


def _draft(
    request: PersonRequest, form: VoteForm, alliance: Alliance, item: AgendaItem | None, asked: Relay | None
) -> CircularVote:
    """What another body asks is taken up with the draft, and not before: nothing is put off by looking at the form."""
    by, at = request.user, clock.now()
    with transaction.atomic():
        about = relay.keep_for_vote(asked, by=by, at=at) if asked else item
        key = form.cleaned_data["form_key"]
        return circular.draft(alliance=alliance, agenda_item=about, form_key=key, **form.facts, by=by, at=at)


@require_http_methods(_METHODS)
@moderator
def edit(request: PersonRequest, number: str) -> HttpResponse:
    """Change a draft; a stale write shows both."""
    vote = vote_of(request, number)
    if not vote.is_draft:
        messages.error(request, _("Der Wortlaut steht fest. Nur ein Entwurf lässt sich ändern."))
        return redirect("notifications:vote", vote.number)
    form = VoteForm.of(vote, request.POST or None, papers=_papers(vote.alliance, vote.agenda_item, vote))
    stored: CircularVote | None = None
    if request.method == "POST" and form.is_valid():
        try:
            circular.edit(vote, version=form.cleaned_data["version"], **form.facts, by=request.user, at=clock.now())
        except Stale as stale:
            stored = stale.current
            form.show_current(stale.current)
        except CircularRefused as refused:
            _show(form, refused)
        else:
            return redirect("notifications:vote_open", vote.number)
    context = {"form": form, "vote": vote, "alliance": vote.alliance, "item": vote.agenda_item, "stored": stored}
    return render(request, "notifications/vote_new.html", context, status=409 if stored else 200)


def _show(form: VoteForm, refused: CircularRefused) -> None:
    form.add_error("closes_on" if isinstance(refused, EndRefused) else None, str(refused))


def _choice() -> AllianceForm:
    return AllianceForm(day=clock.local_date(clock.now()))


def _alliance(request: PersonRequest) -> Alliance | None:
    slug = request.GET.get("buendnis", "")
    return get_object_or_404(Alliance.objects.valid_on(clock.local_date(clock.now())), slug=slug) if slug else None


def _item(request: PersonRequest) -> AgendaItem | None:
    if "punkt" not in request.GET:
        return None
    number = number_in(request.GET, "punkt")
    if number is None:
        raise Http404
    seen = AgendaItem.objects.visible_to(request.user, at=clock.now()).filter(standing_code="")
    return get_object_or_404(seen.select_related("alliance", "meeting"), pk=number)


def _asked(request: PersonRequest) -> Relay | None:
    """The relay a vote is to answer. Raises Http404, also where no vote can.

    What was typed about one that ended meanwhile is refused beside the form, not lost.
    """
    if "bitte" not in request.GET:
        return None
    seen = Relay.objects.visible_to(request.user, at=clock.now()).select_related(*relay_turn.RELATED)
    one = get_object_or_404(seen, number=request.GET["bitte"].upper())
    may_have_had_the_form = request.method == "POST" and one.target.meets
    if Option.VOTE not in relay_options.options(one) and not may_have_had_the_form:
        raise Http404
    return one


def _alliance_of(asked: Relay) -> Alliance:
    return Alliance.objects.get(pk=asked.target_id)


def _begin(alliance: Alliance, item: AgendaItem | None, asked: Relay | None) -> dict[str, Any]:
    """What the form shows first. A question of others can be voted on in other words only: they stand in the background."""
    today = clock.local_date(clock.now())
    begin: dict[str, Any] = {"closes_on": circular_rules.usual_end(alliance, today)}
    if item is not None:
        begin |= {"subject": item.title[:200], "background": item.description, "text": item.wished_result}
        begin["papers"] = [paper.pk for paper in item.papers.all()]
    asked = asked or (item.answers if item is not None else None)
    if asked is not None:
        question = _("%(body)s fragt: %(message)s") % {"body": asked.source.word, "message": asked.message}
        background = "\n\n".join(filter(None, [question, asked.cover]))
        begin |= {"subject": asked.subject[:200], "text": "", "background": background}
    if asked is not None and item is None:
        begin["papers"] = [paper.pk for paper in asked.papers.all()]
    return begin


def _papers(
    alliance: Alliance, item: AgendaItem | None, vote: CircularVote | None = None, *, asked: Relay | None = None
) -> PaperQuerySet:
    """Papers of the alliance that everybody in it may read, those of the item and those chosen before among them."""
    open_to_all = Paper.objects.filter(bodies=alliance.pk, confidential_to__isnull=True)
    chosen = set(open_to_all.order_by("-dated", "-pk").values_list("pk", flat=True)[:_PAPERS])
    if item is not None:
        chosen |= set(item.papers.filter(confidential_to__isnull=True).values_list("pk", flat=True))
    if asked is not None:
        chosen |= set(asked.papers.filter(confidential_to__isnull=True).values_list("pk", flat=True))
    if vote is not None:
        chosen |= set(vote.papers.values_list("pk", flat=True))
    return Paper.objects.filter(pk__in=chosen).order_by("-dated", "title", "pk")
