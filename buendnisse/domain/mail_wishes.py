"""How often a person wants the letter with news, whether papers come along with the agenda, and when nothing is to come."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, Via
from buendnisse.models import Person


def choose_rhythm(person: Person, *, rhythm: DigestRhythm, at: dt.datetime, via: str = Via.LINK) -> None:
    """Takes effect at once. Choosing what already holds changes nothing and writes nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk).exclude(digest=rhythm).update(digest=rhythm):
            journal.record("person.rhythm_chosen", person, at=at, by=person, via=via, reason=rhythm)
    person.digest = rhythm


def choose_papers(person: Person, *, wanted: bool, at: dt.datetime, via: str = Via.LINK) -> None:
    """Papers as attachments of the invitation, from the next one on. What already holds writes nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk).exclude(gets_papers=wanted).update(gets_papers=wanted):
            journal.record("person.papers_chosen", person, at=at, by=person, via=via, reason="yes" if wanted else "no")
    person.gets_papers = wanted


def choose_rest(person: Person, *, wanted: bool, at: dt.datetime, via: str = Via.LINK) -> None:
    """No reminders in the school holidays, from the next one on. What already holds writes nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk).exclude(rests_in_holidays=wanted).update(rests_in_holidays=wanted):
            journal.record("person.rest_chosen", person, at=at, by=person, via=via, reason="yes" if wanted else "no")
    person.rests_in_holidays = wanted
