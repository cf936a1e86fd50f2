"""What people said on the telephone: entered over what was read, and taken back by one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import answers, meeting_page, telephone_answers
from meetings.domain.versions import Stale
from meetings.enums import Answer
from meetings.forms.answers import PhoneAnswerForm
from meetings.models import Attendance, Meeting

#: In the session: what stood there before the last entry.
_BEFORE = "telephone_answer_before"


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def enter(request: PersonRequest, slug: str) -> HttpResponse:
    """The form. An answer that came by link meanwhile is shown beside what was typed."""
    found = _meeting(request, slug)
    page = meeting_page.of(found, request.user, at=clock.now())
    rows = page.listed_rows + page.coming_rows
    form = PhoneAnswerForm(
        request.POST or None, meeting=found, rows=rows, initial={"person": request.GET.get("person")}
    )
    context = {"meeting": found, "page": page, "form": form, "done": _done(request, found)}
    if request.method == "POST" and form.is_valid():
        try:
            _enter(request, found, form)
            return redirect("meetings:answers", slug)
        except Stale as stale:
            form.show_current(rows)
            context["stored"] = next(row for row in rows if row.pk == stale.current.pk)
        except answers.AnswerRefused as refused:
            form.add_error(None, str(refused))
    return render(request, "meetings/phone_answers.html", context, status=409 if "stored" in context else 200)


@require_POST
@moderator
def take_back(request: PersonRequest, slug: str) -> HttpResponse:
    """The last entry did not hold: the row says again what it said before."""
    found, before = _meeting(request, slug), request.session.pop(_BEFORE, None)
    if before is None or not found.attendance.filter(pk=before["row"]).exists():
        messages.error(request, _("Es gibt nichts mehr zurückzunehmen."))
        return redirect("meetings:answers", slug)
    try:
        row = telephone_answers.take_back(before, by=request.user, at=clock.now())
        name = row.person.full_name
        messages.success(request, _("Zurückgenommen. Für %s gilt wieder, was vorher da stand.") % name)
    except (Stale, answers.AnswerRefused) as refused:
        messages.error(request, str(refused))
    return redirect("meetings:answers", slug)


def _enter(request: PersonRequest, meeting: Meeting, form: PhoneAnswerForm) -> None:
    row = meeting.attendance.select_related("person").get(pk=form.cleaned_data["person"])
    before = telephone_answers.enter(
        row,
        answer=Answer(form.cleaned_data["answer"]),
        comment=form.cleaned_data["comment"],
        deputy=form.deputy_facts,
        version=form.version,
        by=request.user,
        at=clock.now(),
    )
    row.refresh_from_db()
    if before is None:
        request.session.pop(_BEFORE, None)
        messages.success(request, _("Eingetragen: %s.") % telephone_answers.words(row))
    else:
        request.session[_BEFORE] = before
    deputy = answers.deputy_of(row)
    if form.deputy_facts and deputy is not None and not deputy.person.gets_mail:
        name = deputy.person.full_name
        messages.warning(request, _("%s bekommt keine E-Mail. Bitte geben Sie den Termin selbst weiter.") % name)


def _done(request: PersonRequest, meeting: Meeting) -> str:
    """The last entry in words, while it can be taken back."""
    before = request.session.get(_BEFORE)
    row: Attendance | None = telephone_answers.may_be_taken_back(before) if before else None
    return telephone_answers.words(row) if row is not None and row.meeting_id == meeting.pk else ""


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    return get_object_or_404(meeting_page.shown(request.user, at=clock.now()), slug=slug)
