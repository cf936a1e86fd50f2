"""Kalendertage: what holds in a year, entries of the Fachstelle over it, and files of them. For the Fachstelle."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import calendar_csv, calendar_entries, calendar_page, quarter
from meetings.domain.calendar_lines import DaysFileRefused
from meetings.enums import CalendarEntryKind
from meetings.forms.calendar import EntryForm, ReadForm
from meetings.models import CalendarEntry

_METHODS = ["GET", "HEAD", "POST"]
_YEARS = range(quarter.FIRST_YEAR, quarter.LAST_YEAR + 1)


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """A year's days in order; without a year the one that is planned next."""
    year = _asked_year(request) or clock.local_date(clock.now()).year + 1
    return render(request, "meetings/calendar.html", {"page": calendar_page.of(year)})


@moderator
@require_http_methods(_METHODS)
def new(request: PersonRequest) -> HttpResponse:
    """An entry of one's own; the button "Gilt hier nicht" posts one that takes back a day of the package."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            entry = calendar_entries.enter(**form.facts, form_key=key, by=request.user, at=clock.now())
        except calendar_entries.EntryRefused as refused:
            form.refuse(refused)
        else:
            is_back = entry.kind == CalendarEntryKind.SCHOOL_DAY
            said = _("„%s“ gilt hier nicht mehr.") if is_back else _("„%s“ steht im Kalender.")
            messages.success(request, said % entry.name)
            return _back(request, entry)
    return render(request, "meetings/calendar_entry.html", {"form": form})


@moderator
@require_http_methods(_METHODS)
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change an entry. Of one that somebody deleted meanwhile, what was typed is offered as a new one."""
    if request.method != "POST":
        entry = get_object_or_404(CalendarEntry, pk=pk)
        return render(request, "meetings/calendar_entry.html", {"form": EntryForm.of(entry), "entry": entry})
    form = EntryForm(request.POST)
    try:
        entry = CalendarEntry.objects.get(pk=pk)
    except CalendarEntry.DoesNotExist:
        return _stale(request, form, None)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            is_changed = calendar_entries.change(entry, version=version, **form.facts, by=request.user, at=clock.now())
        except calendar_entries.StaleEntry as stale:
            return _stale(request, form, stale.current)
        except calendar_entries.EntryRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Gespeichert.") if is_changed else _("Es ist alles, wie es war."))
            return _back(request, entry)
    return render(request, "meetings/calendar_entry.html", {"form": form, "entry": entry})


@moderator
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete an entry, or let a day of the package hold again."""
    entry = CalendarEntry.objects.filter(pk=pk).first()
    if entry is None:
        messages.info(request, _("Dieser Eintrag war schon gelöscht."))
        return redirect("meetings:days")
    version = request.POST.get("version", "")
    try:
        is_version = version.isdecimal() and len(version) < len("2000000000")
        calendar_entries.remove(entry, version=int(version) if is_version else 0, by=request.user, at=clock.now())
    except calendar_entries.StaleEntry as stale:
        messages.error(request, str(stale))
        return redirect("meetings:day_edit", pk)
    said = _("„%s“ gilt wieder.") if entry.kind == CalendarEntryKind.SCHOOL_DAY else _("„%s“ ist gelöscht.")
    messages.success(request, said % entry.name)
    return _back(request, entry)


@moderator
@require_http_methods(_METHODS)
def read(request: PersonRequest) -> HttpResponse:
    """A file, and what became of it. Sending it again adds nothing."""
    form = ReadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            outcome = calendar_entries.read_file(file, **form.facts, by=request.user, at=clock.now())
        except DaysFileRefused as refused:
            form.add_error("file", str(refused))
        except calendar_entries.EntryRefused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "meetings/calendar_outcome.html", {"outcome": outcome, "file_name": file.name})
    context = {"form": form, "files": calendar_page.files(), "sample": calendar_csv.SAMPLE}
    return render(request, "meetings/calendar_read.html", context)


@moderator
@require_safe
def sample(request: PersonRequest) -> HttpResponse:
    """A table to fill in; with the mark that spreadsheets know UTF-8 by."""
    response = HttpResponse(f"\ufeff{calendar_csv.SAMPLE}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kalendertage.csv"'
    return response


@moderator
@require_POST
def take_file_back(request: PersonRequest, file_key: uuid.UUID) -> HttpResponse:
    number = calendar_entries.take_file_back(file_key, by=request.user, at=clock.now())
    if number:
        said = _("Der Import ist zurückgenommen: %s gelöscht.")
        messages.success(request, said % german.count(number, _("Eintrag"), _("Einträge")))
    else:
        messages.info(request, _("Dieser Import war schon zurückgenommen."))
    return redirect("meetings:days_read")


def _stale(request: PersonRequest, form: EntryForm, current: CalendarEntry | None) -> HttpResponse:
    form.is_valid()
    form.show_current(current)
    context = {"form": form, "entry": current, "stored": current, "is_gone": current is None}
    return render(request, "meetings/calendar_entry.html", context, status=409)


def _asked_year(request: PersonRequest) -> int | None:
    text = request.GET.get("jahr", "")
    return int(text) if text.isdecimal() and len(text) == len("2027") and int(text) in _YEARS else None


def _back(request: PersonRequest, entry: CalendarEntry) -> HttpResponse:
    """To the year the reader came from, if the entry can be seen there."""
    asked = _asked_year(request)
    year = asked if asked and entry.first.year <= asked <= entry.last.year else entry.first.year
    return redirect(f"{reverse('meetings:days')}?jahr={year}")
