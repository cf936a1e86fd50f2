"""Votes by mail for those who signed in: the list, one vote, and everything the Fachstelle does with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.permissions import Someone
from buendnisse.views.gate import moderator, only
from meetings.domain import circular, circular_ballots, circular_end
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.moves import MoveRefused
from meetings.domain.versions import Stale
from meetings.forms.votes import CancelForm
from meetings.models import CircularVote, CircularVoter
from notifications import adapters
from notifications.domain import vote_pages, votes
from notifications.views import framed

REFUSED = (CircularRefused, MoveRefused)


def may_read(person: Someone) -> bool:
    """What was voted on belongs to the overview that members of all bodies share."""
    return permissions.may_see_overview(person, at=clock.now())


readers = only(may_read)


@readers
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Drafts for the Fachstelle, what runs, and what has ended."""
    return render(request, "notifications/votes.html", {"page": vote_pages.listed(request.user, at=clock.now())})


@readers
@require_safe
def one(request: PersonRequest, number: str) -> HttpResponse:
    return page(request, vote_of(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def begin(request: PersonRequest, number: str) -> HttpResponse:
    """Who is asked and how the mail looks; the POST opens the vote, and a minute is left to take it back."""
    vote = vote_of(request, number)
    if request.method == "POST":
        return _begin(request, vote)
    if not vote.is_draft:
        return redirect("notifications:vote", vote.number)
    found = vote_pages.check(vote, by=request.user, at=clock.now(), is_open=settings.DEMO)
    return render(request, "notifications/vote_open.html", {"vote": vote, "check": found, "mail": found.mail})


@require_safe
@xframe_options_sameorigin
@moderator
def begin_preview(request: PersonRequest, number: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    found = vote_pages.check(vote_of(request, number), by=request.user, at=clock.now(), is_open=settings.DEMO)
    return framed.answer(found.mail.html if found.mail else "", may_leave=False)


@require_POST
@moderator
def take_back(request: PersonRequest, number: str) -> HttpResponse:
    """While the mail waits it is a draft again."""
    vote = vote_of(request, number)
    try:
        votes.take_back(vote, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Zurückgenommen. Niemand hat eine Mail bekommen. Es ist wieder ein Entwurf."))
    return redirect("notifications:vote", vote.number)


@require_POST
@moderator
def discard(request: PersonRequest, number: str) -> HttpResponse:
    vote = vote_of(request, number)
    try:
        circular.discard(vote, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
        return redirect("notifications:vote", vote.number)
    messages.success(request, _("Der Entwurf %s ist verworfen.") % vote.number)
    return redirect("notifications:votes")


@require_POST
@moderator
def cancel(request: PersonRequest, number: str) -> HttpResponse:
    """End it with a reason that everybody reads."""
    vote = vote_of(request, number)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            circular.cancel(vote, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            adapters.wake()
            messages.success(request, _("Abgebrochen. Alle Gefragten bekommen in einer Minute eine Mail."))
            return redirect("notifications:vote", vote.number)
    return page(request, vote, cancel_form=form)


@require_POST
@moderator
def reached(request: PersonRequest, number: str, pk: int) -> HttpResponse:
    """One organisation was told by telephone, or not after all."""
    vote = vote_of(request, number)
    voter = get_object_or_404(CircularVoter.objects.select_related("vote", "organisation"), pk=pk, vote=vote)
    act = circular_ballots.forget_call if "zuruecknehmen" in request.POST else circular_ballots.note_call
    try:
        act(voter, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
    return redirect(f"{request.path.partition('erreicht/')[0]}#organisation-{voter.pk}")


def vote_of(request: PersonRequest, number: str) -> CircularVote:
    """The vote with this number, if the reader may see it. Raises Http404."""
    seen = CircularVote.objects.visible_to(request.user, at=clock.now())
    related = ("alliance", "agenda_item__meeting", "next_item__meeting", "decision")
    return get_object_or_404(seen.select_related(*related), number=number.upper())


def page(request: PersonRequest, vote: CircularVote, **given: Any) -> HttpResponse:
    """One vote: for the Fachstelle with who has not answered, for members without figures until it has ended."""
    found = vote_pages.of(vote, request.user, at=clock.now())
    history = circular_end.history(vote) if found.may_moderate else []
    context = {"vote": vote, "page": found, "history": history, "cancel_form": CancelForm(), **given}
    return render(request, "notifications/vote.html", context)


def _begin(request: PersonRequest, vote: CircularVote) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        circular.open_vote(vote, version=int(version) if version.isdecimal() else 0, by=request.user, at=clock.now())
    except Stale:
        messages.error(
            request, _("Inzwischen hat jemand anderes den Entwurf geändert. Bitte sehen Sie ihn noch einmal an.")
        )
        return redirect("notifications:vote_open", vote.number)
    except REFUSED as refused:
        messages.error(request, str(refused))
        return redirect("notifications:vote_open", vote.number)
    adapters.wake()
    messages.success(request, _("Die Abstimmung läuft. Die Mails gehen in einer Minute hinaus."))
    return redirect("notifications:vote", vote.number)
