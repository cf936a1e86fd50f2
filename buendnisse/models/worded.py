"""Codes read out as words, cheaply."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models


class Worded(models.Model):
    """The base of every row with codes in it: `get_state_display()` looks up one word.

    Django's own hashes all words of the list for each single one, and thereby translates them all.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802 -- Django's name
        value = getattr(self, field.attname)
        return str(_words(field).get(value, value))


@cache
def _words(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """The words stay lazy, so that each is translated when it is read."""
    return dict(field.flatchoices)
