"""The chair's release of an agenda, and the folder of a meeting: their states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class ReleaseState(TextChoices):
    OPEN = "open", _("noch nicht angefragt")
    ASKED = "asked", _("liegt beim Vorsitz")
    RELEASED = "released", _("freigegeben")
    RETURNED = "returned", _("Änderung gewünscht")


#: Released by telephone from anywhere; a release of an earlier wording is asked for anew.
RELEASE_MOVES: Moves = {
    ReleaseState.OPEN: frozenset({ReleaseState.ASKED, ReleaseState.RELEASED}),
    ReleaseState.ASKED: frozenset({ReleaseState.OPEN, ReleaseState.RELEASED, ReleaseState.RETURNED}),
    ReleaseState.RELEASED: frozenset({ReleaseState.OPEN, ReleaseState.ASKED}),
    ReleaseState.RETURNED: frozenset({ReleaseState.OPEN, ReleaseState.ASKED, ReleaseState.RELEASED}),
}


class FolderState(TextChoices):
    WAITING = "waiting", _("wartet")
    WORKING = "working", _("wird zusammengestellt")
    DONE = "done", _("fertig")
    FAILED = "failed", _("nicht gelungen")


#: `working → waiting`: its worker died, and the next one begins again.
FOLDER_MOVES: Moves = {
    FolderState.WAITING: frozenset({FolderState.WORKING}),
    FolderState.WORKING: frozenset({FolderState.WAITING, FolderState.DONE, FolderState.FAILED}),
    FolderState.DONE: frozenset(),
    FolderState.FAILED: frozenset({FolderState.WAITING}),
}
