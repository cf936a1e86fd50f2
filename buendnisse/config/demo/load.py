"""Loading the demo: all of it or nothing, and only once."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from buendnisse.config.demo import (
    calendar,
    inbound,
    installation,
    journal,
    mail,
    minuting,
    network,
    outcomes,
    papers,
    passages,
    process,
    sittings,
)
from buendnisse.config.demo.source import file
from buendnisse.config.demo.stage import TODAY, Stage
from buendnisse.models import Body, Installation, Organisation, Person


class Outcome(StrEnum):
    LOADED = "loaded"
    ALREADY_THERE = "already_there"


class NotADemo(Exception):
    """The database has content of its own, which a demo must never mix with."""


def load() -> Outcome:
    """Fill an empty, migrated database in one transaction. A demo that is there stays as it is.

    Raises NotADemo. Nothing is sent: everything told has happened, and its mail is written off as sent.
    """
    written: list[str] = []
    try:
        return _load(written)
    except BaseException:
        papers.remove_files(written)
        raise


def _load(written: list[str]) -> Outcome:
    with transaction.atomic():
        # The row is the lock: of two loads at once the second waits here and finds the first one's demo.
        installed, _ = Installation.objects.select_for_update().get_or_create(pk=1)
        if installed.is_demo:
            return Outcome.ALREADY_THERE
        refuse_content()
        stage = Stage()
        network.load(stage)
        process.load(stage)
        calendar.load(stage)
        with file("meetings") as row:
            row.expect("reference_date", TODAY.isoformat())
            papers.load(stage, row)
            sittings.load(stage, row)
            outcomes.load(stage, row)
            passages.load(stage, row)
        papers.check_homes(stage)
        minuting.freeze(stage)
        sittings.keep_what_left(stage)
        journal.load(stage)
        mail.load(stage)
        inbound.load(stage)
        papers.write_files(stage, written=written)
        installation.load(stage)
        minuting.file_approved()
        installation.start_clock()
    return Outcome.LOADED


def refuse_content() -> None:
    """Raise NotADemo if anybody has begun to work here."""
    if any(model.objects.exists() for model in (Person, Organisation, Body)):
        raise NotADemo
