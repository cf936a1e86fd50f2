"""Minutes for whoever signed in: read them, and for the Fachstelle bring them on their way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.domain import alliance_rules
from buendnisse.enums import NamesRule, Via
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Sight, sight_of
from buendnisse.views.gate import moderator
from meetings.adapters import minutes_archive, minutes_pdf, minutes_word, word_file
from meetings.domain import addenda, minutes_hints, minutes_journal, minutes_reading, objections, relay_rules
from meetings.domain import minutes as verbs
from meetings.domain.minutes_content import as_content, content
from meetings.domain.minutes_hints import Hint
from meetings.domain.minutes_reading import Reading
from meetings.domain.moves import MoveRefused
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MeetingState, MinutesState, ObjectionState
from meetings.forms.minutes import (
    AddendumForm,
    ConfirmForm,
    CorrectionChoices,
    ObjectionForm,
    ReasonForm,
    ResolutionForm,
)
from meetings.models import Meeting, Minutes, MinutesArchive, MinutesVersion, Objection
from meetings.models.minutes import OUT
from meetings.views import kept_words

REFUSED = (
    MoveRefused,
    MinutesFrozen,
    minutes_journal.NotYet,
    verbs.NoMail,
    verbs.NotTheChair,
    verbs.ChangedMeanwhile,
    verbs.ObjectionOpen,
    objections.ObjectionLate,
    minutes_journal.WordsMissing,
)


@login_required
@require_http_methods(["GET", "HEAD"])
def page(request: PersonRequest, slug: str) -> HttpResponse:
    """Read a version; the Fachstelle sees the next step beside it."""
    minutes = _readable(request, slug)
    if minutes is None:
        return _not_begun(request, slug)
    return _page(request, minutes)


@login_required
@require_http_methods(["GET", "HEAD"])
def pdf(request: PersonRequest, slug: str) -> HttpResponse:
    """A version as PDF, as this reader may read it."""
    version, sight = _version_to_take(request, slug)
    return as_pdf(minutes_archive.bytes_for(version, sight=sight), minutes_pdf.file_name(version))


@login_required
@require_http_methods(["GET", "HEAD"])
def word(request: PersonRequest, slug: str) -> HttpResponse:
    """A version as Word file, as this reader may read it."""
    version, sight = _version_to_take(request, slug)
    return as_word(minutes_word.minutes_word(version, sight=sight), minutes_word.file_name(version))


@moderator
@require_POST
def submit(request: PersonRequest, slug: str) -> HttpResponse:
    minutes = _own(request, slug)
    done = _("Der Vorsitz bekommt in einer Minute einen Link zum Lesen und Freigeben.")
    return _do(request, minutes, lambda: verbs.submit_to_chair(minutes, by=request.user, at=clock.now()), done)


@moderator
@require_POST
def recall(request: PersonRequest, slug: str) -> HttpResponse:
    """Back from the chair, to go on writing."""
    minutes = _own(request, slug)
    done = _("Sie haben den Entwurf zurückgeholt. Der Link beim Vorsitz zeigt, dass es noch dauert.")
    return _do(request, minutes, lambda: verbs.recall(minutes, by=request.user, at=clock.now()), done)


@moderator
@require_POST
def names(request: PersonRequest, slug: str) -> HttpResponse:
    """Whom the minutes of this alliance name."""
    minutes = _own(request, slug)
    wanted = request.POST.get("names", "")
    if wanted not in NamesRule.values:
        messages.error(request, _("Bitte wählen Sie, wen das Protokoll nennt."))
    elif alliance_rules.name_in_minutes(minutes.meeting.alliance, NamesRule(wanted), by=request.user, at=clock.now()):
        messages.success(request, _("Gespeichert. Die Hinweise richten sich ab jetzt danach."))
    return redirect(f"{reverse('meetings:minutes', args=[slug])}#hinweise")


@moderator
@require_POST
def circulate(request: PersonRequest, slug: str) -> HttpResponse:
    """Send the next version; without the chair's release only with a reason."""
    minutes = _own(request, slug)
    typed: dict[str, ReasonForm] = {}
    kept_words.keep(request, slug)
    if "reason" in request.POST:
        typed["reason_form"] = form = ReasonForm(request.POST)
        if not form.is_valid():
            return _page(request, minutes, **typed)
    reason = typed["reason_form"].cleaned_data["reason"] if typed else ""
    said = {"reason": reason, "introduction": request.POST.get("introduction", "")}

    def send() -> None:
        verbs.circulate(minutes, by=request.user, at=clock.now(), **said)
        kept_words.forget(request, slug)

    done = _("Das Protokoll geht in einer Minute an alle Mitglieder und Stellvertretungen.")
    return _do(request, minutes, send, done, **typed)


@login_required
@require_POST
def contest(request: PersonRequest, slug: str) -> HttpResponse:
    """Somebody who signed in reports a mistake."""
    minutes = _readable(request, slug)
    if minutes is None:
        raise Http404
    if not permissions.may_object(request.user, minutes.meeting.alliance, at=clock.now()):
        raise PermissionDenied
    reading = minutes_reading.read(minutes, reader=request.user, at=clock.now())
    form = ObjectionForm(request.POST, content=reading.content)
    if not form.is_valid():
        return _page(request, minutes, objection_form=form)
    text, item = form.cleaned_data["text"], form.agenda_item(minutes)
    report = partial(objections.contest, minutes, by=request.user, text=text, agenda_item=item, via=Via.WEB)
    return _do(
        request,
        minutes,
        partial(report, at=clock.now()),
        _("Danke. Der Hinweis ist bei der Fachstelle."),
        objection_form=form,
    )


@moderator
@require_POST
def resolve(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Answer one objection; the last answer sends a corrected version, if anything changed."""
    minutes = _own(request, slug)
    objection = get_object_or_404(Objection, pk=pk, minutes=minutes)
    form = ResolutionForm(request.POST, prefix=f"o{pk}", objection=objection, choices=_choices(minutes))
    if form.is_valid():
        said = {"resolution": form.cleaned_data["resolution"], "correction": form.correction}
        try:
            version = objections.resolve(objection, accept=form.is_accepted, **said, by=request.user, at=clock.now())
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            done = _("Der Einwand ist beantwortet.")
            if version:
                done = _("Der Einwand ist beantwortet. Fassung %d geht an alle.") % version.number
            messages.success(request, done)
            return redirect("meetings:minutes", slug=slug)
    return _page(request, minutes, resolution_forms={pk: form})


@moderator
@require_POST
def amend(request: PersonRequest, slug: str) -> HttpResponse:
    """Add a dated correction to approved minutes."""
    minutes = _own(request, slug)
    form = AddendumForm(request.POST, meeting=minutes.meeting)
    if not form.is_valid():
        return _page(request, minutes, addendum_form=form)
    add = lambda: addenda.amend(minutes, **form.facts, by=request.user, at=clock.now())  # noqa: E731 -- one verb
    return _do(request, minutes, add, _("Die Berichtigung ist angefügt."), addendum_form=form)


@moderator
@require_POST
def confirm(request: PersonRequest, slug: str) -> HttpResponse:
    """A later meeting confirmed them."""
    minutes = _own(request, slug)
    form = ConfirmForm(request.POST, minutes=minutes)
    if not form.is_valid():
        return _page(request, minutes, confirm_form=form)
    meeting = form.cleaned_data["meeting"]
    accept = lambda: verbs.confirm_in_meeting(minutes, meeting=meeting, by=request.user, at=clock.now())  # noqa: E731
    return _do(request, minutes, accept, _("Die Bestätigung ist festgehalten."), confirm_form=form)


def as_pdf(data: bytes, file_name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def as_word(data: bytes, file_name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=word_file.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _page(request: PersonRequest, minutes: Minutes, **given: Any) -> HttpResponse:
    reading = minutes_reading.read(minutes, reader=request.user, at=clock.now(), number=_number(request))
    bound = given.pop("resolution_forms", {})
    context: dict[str, Any] = {
        "meeting": minutes.meeting,
        "minutes": minutes,
        "reading": reading,
        "objections": _answers(reading, bound),
        "objection_form": ObjectionForm(content=reading.content),
        "archive": _archive(reading),
    }
    if permissions.may_moderate(request.user):
        history = minutes_reading.history(minutes)
        context |= {
            "chair": verbs.releaser(minutes.meeting, at=clock.now()),
            "history": history,
            "hints": _hints(minutes, reading),
            "relayable": relay_rules.topics_to_hand_on(minutes.meeting),
            "names_rules": NamesRule.choices,
            "link_waits": minutes_reading.link_waits(history, at=clock.now()),
            "reason_form": ReasonForm(),
            "addendum_form": AddendumForm(meeting=minutes.meeting),
            "confirm_form": ConfirmForm(minutes=minutes),
        }
    return render(request, "meetings/minutes.html", context | given)


def _hints(minutes: Minutes, reading: Reading) -> list[Hint]:
    """Only while the text may still be changed."""
    if minutes.state in OUT:
        return []
    return minutes_hints.of(reading.content, alliance=minutes.meeting.alliance)


def _archive(reading: Reading) -> MinutesArchive | None:
    """The file that is kept, for whoever is handed out exactly that one."""
    version = reading.version
    if version is None or not reading.is_newest or not minutes_archive.is_whole(version, sight=reading.sight):
        return None
    return minutes_archive.newest(reading.minutes)


def _choices(minutes: Minutes, newest: MinutesVersion | None = None) -> CorrectionChoices:
    """What an answer may put right, in the newest version."""
    version = newest or minutes.versions.order_by("-number").first()
    text = as_content(version.content) if version else content(minutes.meeting, author=minutes.author)
    return CorrectionChoices.of(text, minutes.meeting)


def _answers(reading: Reading, bound: dict[int, ResolutionForm]) -> list[tuple[Objection, ResolutionForm | None]]:
    """Each objection, and while it is open the form to answer it."""
    minutes = reading.minutes
    is_asked = minutes.state == MinutesState.CONTESTED and reading.sight.everything
    choices = _choices(minutes, reading.versions[0]) if is_asked and reading.objections else None
    return [
        (
            row,
            bound.get(row.pk) or ResolutionForm(prefix=f"o{row.pk}", objection=row, choices=choices)
            if choices and row.state == ObjectionState.OPEN
            else bound.get(row.pk),
        )
        for row in reading.objections
    ]


def _do(request: PersonRequest, minutes: Minutes, verb: Callable[[], object], done: str, **typed: Any) -> HttpResponse:
    """`typed`: the form the verb's words came from, by its name on the page; a refusal shows it again as it was."""
    try:
        verb()
    except REFUSED as refused:
        if typed:
            for form in typed.values():
                form.add_error(None, str(refused))
            minutes.refresh_from_db()
            return _page(request, minutes, **typed)
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("meetings:minutes", slug=minutes.meeting.slug)


def _version_to_take(request: PersonRequest, slug: str) -> tuple[MinutesVersion, Sight]:
    """The version asked for, or the newest, and what its reader may see. Raises Http404 where none was sent yet."""
    minutes = _readable(request, slug)
    if minutes is not None:
        reading = minutes_reading.read(minutes, reader=request.user, at=clock.now(), number=_number(request))
        if reading.version is not None:
            return reading.version, reading.sight
    raise Http404


def _number(request: PersonRequest) -> int | None:
    return number_in(request.GET, "fassung")


def _readable(request: PersonRequest, slug: str) -> Minutes | None:
    rows = Minutes.objects.visible_to(request.user, at=clock.now())
    return rows.select_related(*RELATED).filter(meeting__slug=slug).first()


#: What every page about minutes shows.
RELATED = (
    "meeting__alliance",
    "meeting__venue",
    "meeting__chair",
    "author__organisation",
    "reviewed_by",
    "confirmed_in",
)


def _own(request: PersonRequest, slug: str) -> Minutes:
    return get_object_or_404(Minutes.objects.select_related(*RELATED), meeting__slug=slug)


def _not_begun(request: PersonRequest, slug: str) -> HttpResponse:
    """There is nothing to read yet, or not for this reader: say which, without showing it."""
    at = clock.now()
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user, at=at).select_related("alliance"), slug=slug)
    sight = sight_of(request.user, at=at)
    if not (sight.everything or sight.all_bodies or meeting.alliance_id in sight.inside):
        raise Http404
    return render(
        request,
        "meetings/minutes_none.html",
        {"meeting": meeting, "is_cancelled": meeting.state == MeetingState.CANCELLED},
    )
