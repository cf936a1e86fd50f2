"""Before many are told that a meeting is off, moved, or what its minutes say: to whom, how it reads, own words, one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import cancellation, planning
from meetings.domain import minutes as minutes_verbs
from meetings.forms.planning import CancelForm, MoveForm
from meetings.models import Meeting, Minutes
from meetings.views import kept_words
from meetings.views import minutes as minutes_views
from meetings.views import planning as planning_views
from notifications.domain import beforehand
from notifications.domain.beforehand import Look
from notifications.enums import MailKind
from notifications.forms.beforehand import BeforehandForm
from notifications.views import framed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_NOT_KEPT = ("csrfmiddlewaretoken", "do")
_REFUSED = (planning.PlanRefused, *minutes_views.REFUSED)
Act = Callable[[], object]


@dataclass(frozen=True)
class Step:
    """`page`: where it is done by a POST, and where one comes back to; `do`: what that POST says besides."""

    kind: MailKind
    page: str
    done_by: str
    title: _StrPromise
    button: _StrPromise
    act: Callable[[PersonRequest, Meeting, QueryDict], Act | None]
    refuse: Callable[..., HttpResponseBase] | None = None
    do: str = ""


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, slug: str, what: str) -> HttpResponseBase:
    """Looks; the button does it where it is always done. Nothing typed is lost on the way."""
    with clock.frozen(clock.now()):  # what was not ready a moment ago must not become so, and be done, on its page
        return _page(request, slug, what)


def _page(request: PersonRequest, slug: str, what: str) -> HttpResponseBase:
    step, meeting = _step(what), _meeting(request, slug)
    if request.method != "POST" and step.refuse is not None:
        return redirect(step.page, slug)
    if step.refuse is None and request.POST.get("do") == "back":
        return _back(request, step, slug)
    typed: QueryDict = request.POST.copy()
    if request.method != "POST":
        typed.update(kept_words.of(request, slug))
    act = step.act(request, meeting, typed)
    if act is None:  # it is not ready to be looked at, and so will not be done there: its page says why
        return step.refuse(request, slug) if step.refuse else redirect(step.page, slug)
    try:
        found = beforehand.look(act, kind=step.kind, at=clock.now())
    except planning.StaleVersion:  # of a move alone: its page shows both, and moves nothing
        return planning_views.move(request, slug)
    except _REFUSED as refused:
        messages.error(request, str(refused))
        return _back(request, step, slug)
    wants_reason = what == "protokoll" and _wants_reason(_minutes(meeting))
    form = BeforehandForm(wants_reason=wants_reason, initial=typed.dict())
    request.session[_typed(slug, what)] = typed.urlencode()
    context = {
        "meeting": meeting,
        "step": step,
        "look": found,
        "mail": found.mail,
        "form": form,
        "kept": _kept(request.POST, form),
        "done_by": reverse(step.done_by, args=[slug]),
        "back": reverse(step.page, args=[slug]) if step.refuse else request.path,
        "html_url": reverse("notifications:beforehand_mail", args=[slug, what]),
    }
    return render(request, "notifications/beforehand.html", context)


def _back(request: PersonRequest, step: Step, slug: str) -> HttpResponseBase:
    """To its page with what was typed, which does nothing there."""
    if step.refuse is None:
        if request.method == "POST":
            kept_words.keep(request, slug)
        return redirect(step.page, slug)
    typed = request.POST.copy()
    typed["do"] = "back"
    request.POST = typed  # type: ignore[assignment]
    return step.refuse(request, slug)


@require_safe
@xframe_options_sameorigin
@moderator
def mail(request: PersonRequest, slug: str, what: str) -> HttpResponse:
    """The mail's own HTML, for the frame, with what was typed last."""
    step, meeting = _step(what), _meeting(request, slug)
    act = step.act(request, meeting, QueryDict(request.session.get(_typed(slug, what), "")))
    found: Look | None = None
    if act is not None:
        try:
            found = beforehand.look(act, kind=step.kind, at=clock.now())
        except (*_REFUSED, planning.StaleVersion):
            found = None
    return framed.answer(found.mail.html if found and found.mail else "", may_leave=False)


def _cancel(request: PersonRequest, meeting: Meeting, typed: QueryDict) -> Act | None:
    at = clock.now()
    form = CancelForm(typed, at_short_notice=cancellation.is_soon(meeting.start, at=at))
    if not form.is_valid() or not form.words:
        return None
    said = {"reason": form.words, "introduction": form.cleaned_data["introduction"]}
    return lambda: planning.cancel(_own(meeting), **said, by=request.user, at=at)


def _move(request: PersonRequest, meeting: Meeting, typed: QueryDict) -> Act | None:
    at = clock.now()
    form = MoveForm(typed, meeting=meeting, at=at)
    if not form.is_valid() or not form.may_save:
        return None
    return lambda: planning.move_date(_own(meeting), **form.facts, by=request.user, at=at)


def _circulate(request: PersonRequest, meeting: Meeting, typed: QueryDict) -> Act | None:
    minutes = _minutes(meeting)
    reason = _("Hier steht Ihr Grund.") if _wants_reason(minutes) else ""
    words = typed.get("introduction", "")
    return partial(minutes_verbs.circulate, minutes, by=request.user, at=clock.now(), reason=reason, introduction=words)


STEPS = {
    "absage": Step(
        MailKind.CANCELLED,
        "meetings:cancel",
        "meetings:cancel",
        gettext_lazy("Absage verschicken"),
        gettext_lazy("Sitzung absagen"),
        _cancel,
        planning_views.cancel,
    ),
    "verlegung": Step(
        MailKind.MOVED,
        "meetings:move",
        "meetings:move",
        gettext_lazy("Verlegung verschicken"),
        gettext_lazy("Sitzung verlegen"),
        _move,
        planning_views.move,
        do="fix",
    ),
    "protokoll": Step(
        MailKind.MINUTES,
        "meetings:minutes",
        "meetings:minutes_circulate",
        gettext_lazy("Protokoll verschicken"),
        gettext_lazy("Protokoll verschicken"),
        _circulate,
    ),
}


def _step(what: str) -> Step:
    if what not in STEPS:
        raise Http404
    return STEPS[what]


def _kept(typed: QueryDict, form: BeforehandForm) -> list[tuple[str, str]]:
    """What was typed on the page before, to go along unseen."""
    names = [name for name in typed if name not in {*_NOT_KEPT, *form.fields}]
    return [(name, value) for name in names for value in typed.getlist(name)]


def _typed(slug: str, what: str) -> str:
    """Where the session keeps the words: they stay out of addresses, and so out of logs."""
    return f"beforehand:{what}:{slug}"


def _wants_reason(minutes: Minutes) -> bool:
    """Whether the chair has still to release them."""
    return minutes_verbs.wants_release(minutes, at=clock.now())


def _minutes(meeting: Meeting) -> Minutes:
    rows = Minutes.objects.select_related("meeting__alliance", "meeting__chair")
    return get_object_or_404(rows, meeting=meeting)


def _own(meeting: Meeting) -> Meeting:
    """Loaded anew, since looking changes it."""
    return Meeting.objects.select_related("alliance", "venue", "chair").get(pk=meeting.pk)


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue", "chair"), slug=slug)
