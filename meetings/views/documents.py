"""Papers the Fachstelle prints or hands on: excerpts of minutes, the list to sign."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest, number_in
from buendnisse.views.gate import moderator
from meetings.adapters import attendance_pdf, excerpt_pdf
from meetings.models import Meeting, MinutesVersion
from meetings.views.minutes import as_pdf


@moderator
@require_http_methods(["GET", "HEAD"])
def excerpt(request: PersonRequest, slug: str, top: int) -> HttpResponse:
    """One item of the newest version, or of `?fassung=`."""
    versions = MinutesVersion.objects.filter(minutes__meeting__slug=slug).select_related("minutes__meeting__alliance")
    wanted = number_in(request.GET, "fassung")
    version = (versions.filter(number=wanted) if wanted else versions.order_by("-number")).first()
    if version is None:
        raise Http404
    try:
        data = excerpt_pdf.pdf(version, top, by=request.user, at=clock.now())
    except excerpt_pdf.NoExcerpt as refused:
        raise Http404 from refused
    return as_pdf(data, excerpt_pdf.file_name(version, top))


@moderator
@require_http_methods(["GET", "HEAD"])
def attendance_sheet(request: PersonRequest, slug: str) -> HttpResponse:
    """The list people sign, as it stands now."""
    meeting = get_object_or_404(Meeting.objects.select_related("alliance", "venue"), slug=slug)
    return as_pdf(attendance_pdf.pdf(meeting, at=clock.now()), attendance_pdf.file_name(meeting))
