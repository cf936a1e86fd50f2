"""The beginning of a meeting, taken back where it was a slip; and a meeting that goes on after its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import session, session_begin, session_end
from meetings.enums import MeetingState
from meetings.views.session_parts import REFUSED, do, the_meeting, to_item


@moderator
@require_POST
def begin(request: PersonRequest, slug: str) -> HttpResponse:
    """Begin; before the day somebody asks once more, because nobody can answer any longer."""
    meeting, at = the_meeting(request, slug), clock.now()
    is_early = meeting.state == MeetingState.INVITED and session_begin.is_early(meeting, at=at)
    if is_early and "trotzdem" not in request.POST:
        return render(request, "meetings/begin.html", {"meeting": meeting})
    return do(request, meeting, lambda: session.start(meeting, by=request.user, at=at))


@moderator
@require_POST
def unbegin(request: PersonRequest, slug: str) -> HttpResponse:
    """It has not begun after all."""
    meeting = the_meeting(request, slug)
    done = _("Der Beginn ist zurückgenommen. Die Eingeladenen können wieder antworten.")
    return do(request, meeting, lambda: session_begin.take_back(meeting, by=request.user, at=clock.now()), done=done)


@moderator
@require_POST
def reopen(request: PersonRequest, slug: str) -> HttpResponse:
    """Go on; what the end put off comes back with it, or it is said what stays away."""
    meeting = the_meeting(request, slug)
    try:
        again = session_end.reopen(meeting, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
        return to_item(meeting, None)
    if again.back:
        messages.success(request, _("Wieder auf der Tagesordnung: %s.") % _titles(again.back))
    if again.away:
        said = _("Weiter vertagt: %s. Wer das vorgeschlagen hat, weiß davon; auf der Tagesordnung holen Sie es zurück.")
        messages.warning(request, said % _titles(again.away))
    return to_item(meeting, None)


def _titles(items: tuple[str, ...]) -> str:
    return ", ".join(f"„{title}“" for title in items)
