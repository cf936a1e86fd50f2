"""Whoever writes second is refused: a row changes only on top of the version its writer has read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _


class Stale(Exception):
    """Somebody else changed the row first. `current` is what is stored now; `str()` is a German sentence."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("Inzwischen hat jemand anderes das geändert. Bitte vergleichen Sie."))
        self.current = current


def claim(row: models.Model, *, version: int, said: Mapping[str, Any]) -> bool:
    """Hold `row` until the transaction ends, to write what was `said` on top of `version`.

    False where all of it stands there already in a later version: a second tap is no conflict. Raises Stale.
    """
    rows = type(row)._default_manager
    stored: Any = rows.select_for_update().get(pk=row.pk)
    if stored.version == version:
        return True
    if all(getattr(stored, name) == value for name, value in said.items()):
        return False
    raise Stale(stored)
