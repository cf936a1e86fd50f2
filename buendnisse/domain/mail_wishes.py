"""A person's own wishes: how we address and write to them, how often, and when not. Nobody else sets them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, Via
from buendnisse.models import Person

#: What a person chooses for themself.
WISHES = ("salutation", "digest", "mail_format", "gets_papers", "large_type", "rests_in_holidays")


def choose(person: Person, *, wishes: Mapping[str, Any], at: dt.datetime, via: str = Via.LINK) -> list[str]:
    """Takes effect at once; the names of what is new. What already holds writes nothing.

    The last choice counts, also from an older page: it is the person's own. The journal keeps names, not what was chosen.
    """
    with transaction.atomic():
        stored = Person.objects.select_for_update().get(pk=person.pk)
        changed = sorted(name for name, said in wishes.items() if getattr(stored, name) != said)
        if changed:
            fields = {name: wishes[name] for name in changed}
            Person.objects.filter(pk=person.pk).update(version=F("version") + 1, **fields)
            journal.record("person.wishes_chosen", person, at=at, by=person, via=via, data={"fields": changed})
    person.refresh_from_db()
    return changed


def choose_rhythm(person: Person, *, rhythm: DigestRhythm, at: dt.datetime, via: str = Via.LINK) -> None:
    """How often the letter with news comes."""
    choose(person, wishes={"digest": rhythm}, at=at, via=via)
