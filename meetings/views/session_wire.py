"""What the desk's script and the projector ask for: short answers, no page around them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Person
from buendnisse.views.gate import moderator, only
from meetings.domain import drafting, projector, session, writing
from meetings.domain.open_minutes import MinutesFrozen, NotInSession
from meetings.domain.versions import Stale
from meetings.forms.session import DraftForm
from meetings.models import AgendaItem, ItemDraft, Meeting
from meetings.views.session_parts import REFUSED, both, the_meeting, window_of

#: Answers by what they mean to the script: others write, the text is over, somebody was faster.
_LOCKED, _OVER, _CONFLICT = 423, 410, 409

#: Whom a page about a meeting may be shown to at all; which meetings is asked of the row itself.
reader = only(permissions.may_read)


@moderator
@require_POST
def claim(request: PersonRequest, slug: str) -> JsonResponse:
    """The window says that it is open, and on which item: it writes, or hears who does."""
    meeting = the_meeting(request, slug)
    number = number_in(request.POST, "item")
    item = meeting.agenda_items.filter(pk=number).first() if number else None
    try:
        writing.claim(meeting, by=request.user, at=clock.now(), window=window_of(request), item=item)
    except writing.SomebodyWrites as busy:
        return JsonResponse({"message": str(busy)}, status=_LOCKED)
    except NotInSession as refused:
        return JsonResponse({"message": str(refused)}, status=_OVER)
    return JsonResponse({})


@moderator
@require_POST
def leave(request: PersonRequest, slug: str) -> JsonResponse:
    """The window closes."""
    writing.leave(the_meeting(request, slug), by=request.user, at=clock.now(), window=window_of(request))
    return JsonResponse({})


@moderator
@require_POST
def keep(request: PersonRequest, slug: str, pk: int) -> JsonResponse:
    """Keep what stands in the fields of one item. The same text again changes nothing."""
    meeting, item = both(request, slug, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("Der Text ist zu lang. Bitte kürzen Sie ihn.")}, status=400)
    said, at = form.cleaned_data, clock.now()
    try:
        writing.may_write(meeting, by=request.user, at=at, window=window_of(request), item=item)
        draft = _keep(item, said, by=request.user, at=at)
    except writing.SomebodyWrites as busy:
        return JsonResponse({"message": str(busy)}, status=_LOCKED)
    except session.ResultOutdated as outdated:
        stored: dict[str, Any] = {"result": outdated.stored, "version": outdated.version}
        return JsonResponse({"message": str(outdated), "stored": stored}, status=_CONFLICT)
    except Stale as stale:
        stored = {"text": stale.current.proposal, "note": stale.current.note, "draft_version": stale.current.version}
        return JsonResponse({"message": str(stale), "stored": stored}, status=_CONFLICT)
    except (MinutesFrozen, *REFUSED) as refused:
        return JsonResponse({"message": str(refused)}, status=_OVER)
    kept = {"version": item.version, "draft_version": draft.version, "at": f"{clock.local(at):%H:%M}"}
    return JsonResponse(kept)


def _keep(item: AgendaItem, said: dict[str, Any], *, by: Person, at: dt.datetime) -> ItemDraft:
    """All texts of the item, or none where one of them is outdated."""
    with transaction.atomic():
        draft = drafting.keep(item, version=said["draft_version"], proposal=said["text"], note=said["note"])
        if drafting.plain(said["result"]) != item.result:
            words = {"result": said["result"], "version": said["version"]}
            session.record_result(item, **words, by=by, at=at, by_itself=True)
    return draft


@reader
@require_http_methods(["GET", "HEAD"])
def pulse(request: PersonRequest, slug: str) -> HttpResponse:
    """Whether anything on the desk or the projector changed: a tag, and 304 while it stays. Three queries."""
    stamp = projector.stamp(_shown_to(request), slug=slug, at=clock.now())
    if stamp is None:
        return HttpResponse(status=404)
    tag = f'"{stamp}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return JsonResponse({"stamp": stamp}, headers={"ETag": tag})


@reader
@require_http_methods(["GET", "HEAD"])
def beamer(request: PersonRequest, slug: str) -> HttpResponse:
    """The page for the wall: what everybody in the room may read, in large type."""
    at = clock.now()
    rows = _shown_to(request).select_related("alliance", "venue", "desk")
    meeting = get_object_or_404(rows, slug=slug)
    stamp = projector.stamp(rows, slug=slug, at=at)  # first: what changes meanwhile is asked for again
    wall = projector.wall(meeting, at=at)
    context = {"meeting": meeting, "wall": wall, "stamp": stamp, "at": clock.local(at)}
    return render(request, "meetings/beamer.html", context)


def _shown_to(request: PersonRequest) -> Any:
    """The meetings whose projector page this person may open."""
    if permissions.may_moderate(request.user):
        return Meeting.objects.all()
    return Meeting.objects.led_by(permissions.led_bodies(request.user, at=clock.now()))
