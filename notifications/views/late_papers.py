"""The mail about late papers goes now instead of tomorrow morning."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.views.items import meeting_of
from notifications import adapters
from notifications.domain import late_waiting


@require_POST
@moderator
def hurry(request: PersonRequest, slug: str) -> HttpResponse:
    """What waits leaves with the next ring."""
    try:
        number = late_waiting.hurry(meeting_of(request, slug), by=request.user, at=clock.now())
    except late_waiting.NothingWaits as refused:
        messages.error(request, str(refused))
    else:
        adapters.wake()
        said = ngettext("Eine Mail ist auf dem Weg.", "%(number)s Mails sind auf dem Weg.", number)
        messages.success(request, said % {"number": number})
    return redirect("meetings:meeting", slug)
