"""Minutes behind personal links: members read and report a mistake, the chair releases."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import number_in
from buendnisse.models import AccessLink, sight_of
from buendnisse.views.links import by_link
from meetings.adapters import minutes_archive, minutes_pdf
from meetings.domain import minutes as verbs
from meetings.domain import minutes_reading, objections
from meetings.domain.minutes_reading import Reading
from meetings.enums import MinutesState
from meetings.forms.minutes import ObjectionForm, RemarkForm
from meetings.models import Minutes
from meetings.views.minutes import REFUSED, RELATED, as_pdf


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.MINUTES)
def read(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The newest version, or an earlier one, and what one reported oneself."""
    reading = _reading(request, link)
    return render(request, "meetings/minutes_link.html", _context(link, reading))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.MINUTES)
def contest(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Report a mistake; afterwards it stands in the minutes as one's own remark."""
    reading = _reading(request, link)
    form = ObjectionForm(request.POST or None, content=reading.content, initial={"item": request.GET.get("punkt")})
    if form.is_valid():
        text, item = form.cleaned_data["text"], form.agenda_item(reading.minutes)
        try:
            objections.contest(reading.minutes, by=link.person, text=text, agenda_item=item, at=clock.now())
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(f"{_address(link)}?gemeldet=ja")
    return render(request, "meetings/minutes_contest.html", {**_context(link, reading), "form": form})


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.MINUTES)
def pdf(request: HttpRequest, link: AccessLink) -> HttpResponse:
    reading = _reading(request, link)
    if reading.version is None:
        raise Http404
    return as_pdf(
        minutes_archive.bytes_for(reading.version, sight=reading.sight), minutes_pdf.file_name(reading.version)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.RELEASE)
def release(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The chair reads, then releases or gives back with a remark."""
    minutes = _minutes(link)
    form = RemarkForm(request.POST if "zurueck" in request.POST else None)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            if "freigeben" in request.POST:
                verbs.release(minutes, by=link.person, at=clock.now(), seen=request.POST.get("seen", ""))
            elif form.is_valid():
                verbs.give_back(minutes, remark=form.cleaned_data["remark"], by=link.person, at=clock.now())
        except REFUSED as refused:
            refusal, status = str(refused), 409 if isinstance(refused, verbs.ChangedMeanwhile) else 200
        if not refusal and not form.errors:
            return redirect("meetings:minutes_release", token=links.token(link))
    reading = minutes_reading.read(minutes, reader=link.person, at=clock.now())
    context = _context(link, reading) | {"form": form, "refusal": refusal, "seen": reading.fingerprint}
    return render(request, "meetings/minutes_release.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.RELEASE)
def release_pdf(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The text the chair is to release, as a file to print."""
    minutes, at = _minutes(link), clock.now()
    if minutes.state != MinutesState.IN_REVIEW:
        raise Http404
    return as_pdf(minutes_pdf.draft(minutes, sight=sight_of(link.person, at=at), at=at), "protokoll-entwurf.pdf")


def _minutes(link: AccessLink) -> Minutes:
    """What the link is for. The chair's link shows it in every state, since it says what became of the draft.

    Who does not lead the meeting any longer sees nothing.
    """
    minutes = Minutes.objects.select_related(*RELATED).filter(pk=link.subject_id).first()
    if minutes is None or verbs.releaser(minutes.meeting, at=clock.now()) != link.person:
        raise Http404
    return minutes


def _reading(request: HttpRequest, link: AccessLink) -> Reading:
    at = clock.now()
    rows = Minutes.objects.visible_to(link.person, at=at).select_related(*RELATED)
    minutes = rows.filter(pk=link.subject_id).first()
    if minutes is None:
        raise Http404
    return minutes_reading.read(minutes, reader=link.person, at=at, number=number_in(request.GET, "fassung"))


def _context(link: AccessLink, reading: Reading) -> dict[str, object]:
    return {
        "link": link,
        "token": links.token(link),
        "reading": reading,
        "minutes": reading.minutes,
        "meeting": reading.minutes.meeting,
    }


def _address(link: AccessLink) -> str:
    return reverse("meetings:minutes_link", args=[links.token(link)])
