"""What stands beside an item while it is talked about: the proposal everybody sees, and a private note.

Neither is part of the minutes or of the journal: a proposal becomes a decision when it is taken, and only then is told.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from meetings.domain import open_minutes, versions
from meetings.models import AgendaItem, ItemDraft, Meeting


def of(item: AgendaItem) -> ItemDraft:
    """The item's draft; an empty one where nothing was typed yet."""
    return ItemDraft.objects.filter(agenda_item=item).first() or ItemDraft(agenda_item=item)


def keep(item: AgendaItem, *, version: int, proposal: str, note: str) -> ItemDraft:
    """Keep both texts on top of the version the writer has read; the same again changes nothing.

    Raises Stale, MinutesFrozen, NotInSession.
    """
    said = {"proposal": plain(proposal), "note": plain(note)}
    with transaction.atomic():
        open_minutes.require_not_over(Meeting.objects.get(agenda_items=item))
        draft, _made = ItemDraft.objects.get_or_create(agenda_item=item)
        if all(getattr(draft, name) == text for name, text in said.items()):
            return draft
        if versions.claim(draft, version=version, said=said):
            ItemDraft.objects.filter(pk=draft.pk).update(version=F("version") + 1, **said)
        draft.refresh_from_db()
    return draft


def plain(text: str) -> str:
    """As it is stored, whether a form or the desk's script sent it: one kind of line end, nothing around."""
    return text.replace("\r\n", "\n").strip()


def decided(item: AgendaItem) -> None:
    """The proposal was decided about: the field is free for the next one."""
    ItemDraft.objects.filter(agenda_item=item).exclude(proposal="").update(proposal="", version=F("version") + 1)
