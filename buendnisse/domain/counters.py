"""Numbers that are given once and never again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from buendnisse.models import Counter


def take(name: str) -> int:
    """The next number under `name`, starting with 1. Must run in the transaction that uses the number.

    The row stays locked until that transaction ends, so two writers can never take the same one, and a
    transaction that is rolled back gives its number back before anybody saw it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number must be taken in the transaction that uses it")
    Counter.objects.get_or_create(name=name)
    Counter.objects.filter(name=name).update(value=F("value") + 1)
    return Counter.objects.get(name=name).value


def at_least(name: str, value: int) -> None:
    """Make sure the next number is above `value` (imported data brings its own numbers)."""
    Counter.objects.get_or_create(name=name)
    Counter.objects.filter(name=name, value__lt=value).update(value=value)
