"""Answering a vote by mail: by personal link without an account, or entered by the Fachstelle after a call."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Paper, PaperVersion, Person
from buendnisse.views.downloads import as_download
from buendnisse.views.gate import moderator
from buendnisse.views.links import by_link
from meetings.domain import circular_ballots
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.versions import Stale
from meetings.forms.votes import BallotForm
from meetings.models import Ballot, CircularVote
from notifications.domain import vote_pages
from notifications.domain.vote_pages import BallotPage
from notifications.views.votes import vote_of

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@by_link(LinkPurpose.BALLOT)
def ballot(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Two questions on one page; once answered, how the organisation's vote stands; in the end the result."""
    vote = CircularVote.objects.select_related("alliance", "next_item__meeting").filter(pk=link.subject_id).first()
    found = vote_pages.ballot_page(vote, link.person, at=clock.now()) if vote else None
    if found is None:
        return render(request, "410.html", {"link": link}, status=410)
    token = links.token(link)
    context = {"link": link, "token": token, "page": found, "vote": found.vote}
    if not found.is_open or found.ballot is None:
        status = 409 if request.method == "POST" else 200  # it ended while somebody was choosing
        return render(request, "notifications/ballot_over.html", context, status=status)
    if found.ballot.is_cast and request.method != "POST" and "aendern" not in request.GET:
        return render(request, "notifications/ballot_thanks.html", context)
    form = _form(request, found)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and _cast(form, found.ballot, via=Via.LINK, by=link.person):
        return redirect("notifications:ballot", token)
    return render(request, "notifications/ballot.html", {**context, "form": form}, status=_status(form))


@require_safe
@by_link(LinkPurpose.BALLOT)
def paper(request: HttpRequest, link: AccessLink, slug: str) -> HttpResponseBase:
    """The newest version of a paper of this vote, unless it became confidential for others."""
    own = Ballot.objects.filter(vote=link.subject_id, person=link.person).select_related("voter").first()
    if own is None:
        raise Http404
    opened = Paper.objects.filter(circular_votes=link.subject_id).opened_to([own.voter.organisation_id])
    rows = PaperVersion.objects.filter(paper__slug=slug, paper__in=opened).exclude(file_name="")
    version = rows.order_by("-number").first()
    if version is None:
        raise Http404
    return as_download(version)


@require_http_methods(_METHODS)
@moderator
def by_phone(request: PersonRequest, number: str, pk: int) -> HttpResponse:
    """What somebody said on the telephone."""
    vote = vote_of(request, number)
    row = get_object_or_404(vote.ballots.select_related("person", "voter__organisation"), pk=pk)
    found = vote_pages.ballot_page(vote, row.person, at=clock.now())
    here = f"{reverse('notifications:vote', args=[vote.number])}#organisation-{row.voter_id}"
    if found is None or not found.is_open or found.ballot is None:
        messages.error(request, _("Die Abstimmung läuft nicht. Stimmen können wir nicht annehmen."))
        return redirect(here)
    form = _form(request, found)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and _cast(form, found.ballot, via=Via.PHONE, by=request.user):
        messages.success(request, _("Die Stimme von %s ist eingetragen.") % row.person.full_name)
        return redirect(here)
    context = {"vote": vote, "page": found, "form": form}
    return render(request, "notifications/vote_phone.html", context, status=_status(form))


def _form(request: HttpRequest, found: BallotPage) -> BallotForm:
    row = found.ballot
    initial = {}
    if row is not None:
        names = ("procedure", "choice", "remark", "version")
        initial = {name: getattr(row, name) for name in names}
    is_deputy = row is not None and row.is_deputy
    return BallotForm(request.POST or None, where=found.where, is_deputy=is_deputy, initial=initial)


def _cast(form: BallotForm, row: Ballot, *, via: Via, by: Person) -> bool:
    """False where it was not taken; the form says why."""
    try:
        circular_ballots.cast(row, **form.cleaned_data, via=via, by=by, at=clock.now())
    except Stale as stale:
        form.show_current(stale.current)
        return False
    except CircularRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _status(form: BallotForm) -> int:
    return 409 if form.stored else 200
