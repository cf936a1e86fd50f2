"""Short reports of the units: by personal link, and by the Fachstelle for who rang up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person
from buendnisse.views.gate import moderator
from buendnisse.views.links import by_link
from meetings.domain import unit_reports
from meetings.domain.unit_reports import UnitRow
from meetings.domain.versions import Stale
from meetings.forms.unit_reports import UnitReportForm
from meetings.models import Meeting, UnitReport


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.UNIT_REPORT)
def by_unit(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One text field; "Diesmal nichts zu berichten" is a good answer too."""
    meeting, at = _meeting_of(link), clock.now()
    rows = unit_reports.units_of(link.person, meeting, at=at)
    row = next((row for row in rows if row.unit.slug == request.GET.get("stelle")), rows[0] if rows else None)
    context: dict[str, Any] = {"link": link, "token": links.token(link), "rows": rows}
    if row is None:
        return render(request, "meetings/unit_report.html", context | {"meeting": meeting})
    form, stale, written = _answer(request, meeting, row, by=link.person, via=Via.LINK, at=at)
    if written is not None:
        return redirect("meetings:unit_report_thanks", links.token(link))
    context |= _said(meeting, row, form, stale, at=at)
    return render(request, "meetings/unit_report.html", context, status=409 if stale else 200)


@require_safe
@by_link(LinkPurpose.UNIT_REPORT)
def thanks(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """What stands there now, and until when it can be changed."""
    meeting, at = _meeting_of(link), clock.now()
    rows = unit_reports.units_of(link.person, meeting, at=at)
    window = unit_reports.window(meeting, at=at)
    context = {"link": link, "token": links.token(link), "meeting": meeting, "rows": rows, "window": window}
    return render(request, "meetings/unit_report_thanks.html", context)


@moderator
@require_safe
def index(request: PersonRequest, slug: str) -> HttpResponse:
    """Who has reported for a meeting, and who has not."""
    meeting, at = _meeting(slug), clock.now()
    rows = unit_reports.rows(meeting, at=at)
    context = {
        "meeting": meeting,
        "rows": rows,
        "missing": sum(row.is_missing for row in rows),
        "window": unit_reports.window(meeting, at=at),
        "is_asked": unit_reports.is_asked(meeting),
    }
    return render(request, "meetings/unit_reports.html", context)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: PersonRequest, slug: str, unit: str) -> HttpResponse:
    """What a unit said on the telephone, or a word put right."""
    meeting, at = _meeting(slug), clock.now()
    row = next((row for row in unit_reports.rows(meeting, at=at) if row.unit.slug == unit), None)
    if row is None:
        raise Http404
    form, stale, written = _answer(request, meeting, row, by=request.user, via=Via.PHONE, at=at)
    if written is not None:
        messages.success(request, _("Der Bericht von %s ist eingetragen.") % row.unit.short_name)
        return redirect("meetings:unit_reports", slug)
    context = _said(meeting, row, form, stale, at=at)
    return render(request, "meetings/unit_report_phone.html", context, status=409 if stale else 200)


def _answer(
    request: HttpRequest, meeting: Meeting, row: UnitRow, *, by: Person, via: Via, at: dt.datetime
) -> tuple[UnitReportForm, Stale | None, UnitReport | None]:
    """The form as it came back, who was faster, and what was written."""
    form = UnitReportForm(request.POST if request.method == "POST" else None, stored=row.report)
    if request.method != "POST" or not form.is_valid():
        return form, None, None
    try:
        return form, None, unit_reports.write(meeting, row.unit, **form.words, by=by, at=at, via=via)
    except unit_reports.ReportRefused as refused:
        form.add_error(None, str(refused))
    except Stale as stale:
        form.on_top_of(stale.current.version if stale.current else 0)
        return form, stale, None
    return form, None, None


def _said(
    meeting: Meeting, row: UnitRow, form: UnitReportForm, stale: Stale | None, *, at: dt.datetime
) -> dict[str, Any]:
    """What the pages of one report show."""
    return {
        "meeting": meeting,
        "row": row,
        "form": form,
        "stale": stale,
        "window": unit_reports.window(meeting, at=at),
        "last": unit_reports.last_time(row.unit, meeting),
    }


def _meeting(slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("alliance", "venue"), slug=slug)


def _meeting_of(link: AccessLink) -> Meeting:
    meeting = Meeting.objects.select_related("alliance", "venue").filter(pk=link.subject_id).first()
    if meeting is None or link.subject_type != "meeting":
        raise Http404
    return meeting
