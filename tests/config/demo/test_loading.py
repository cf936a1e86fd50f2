"""The demo's command: everything arrives, once, and never beside somebody's own data."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import models

from buendnisse.domain import counters
from buendnisse.models import (
    Alliance,
    Contact,
    FurtherAddress,
    Installation,
    Membership,
    Organisation,
    Paper,
    PaperVersion,
    SharedMailbox,
    Venue,
)
from meetings.domain.moves import TABLES
from meetings.models import (
    ActionItem,
    AgendaItem,
    CircularVote,
    Decision,
    Meeting,
    Minutes,
    Notice,
    Objection,
    Relay,
    Remark,
    UnitReport,
)
from tests.config.demo.contents import FILES, MEETINGS, everything, stored_texts, strings
from tests.config.demo.emptying import empty_database

pytestmark = pytest.mark.django_db


def test_command_says_what_it_loaded(loaded: dict[str, Any]) -> None:
    assert loaded["outcome"] == "loaded"
    assert loaded["counts"] == {"organisations": 44, "people": 57, "meetings": 24, "decisions": 79, "relays": 30}


def test_second_load_changes_nothing_and_says_so() -> None:
    before = everything()
    told = io.StringIO()

    call_command("demo", stdout=told)

    assert told.getvalue() == "Die Demo ist schon geladen. Nichts wurde geändert.\n"
    assert everything() == before


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (Alliance, FILES["organisations"]["alliances"]),
        (Organisation, FILES["organisations"]["organisations"]),
        (Venue, FILES["organisations"]["venues"]),
        (Membership, FILES["people"]["memberships"]),
        (Contact, FILES["people"]["contacts"]),
        (SharedMailbox, FILES["people"]["mailboxes"]),
        (FurtherAddress, [a for person in FILES["people"]["people"] for a in person.get("further_addresses", [])]),
        (Meeting, MEETINGS),
        (
            AgendaItem,
            [item for meeting in MEETINGS for item in meeting["agenda_items"]] + FILES["meetings"]["topic_backlog"],
        ),
        (UnitReport, [r for meeting in MEETINGS for i in meeting["agenda_items"] for r in i.get("unit_reports", [])]),
        (Minutes, [meeting for meeting in MEETINGS if "minutes" in meeting]),
        (Objection, [o for meeting in MEETINGS for o in meeting.get("minutes", {}).get("objections", [])]),
        (Decision, FILES["meetings"]["decisions"]),
        (ActionItem, FILES["meetings"]["action_items"]),
        (Relay, FILES["meetings"]["relays"]),
        (CircularVote, FILES["meetings"]["circular_decisions"]),
        (Paper, FILES["meetings"]["papers"]),
        (Notice, FILES["meetings"]["notices"]),
        (Remark, FILES["meetings"]["remarks"]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_there_is_a_row_for_each_entry(model: type[models.Model], rows: list[Any]) -> None:
    assert model._default_manager.count() == len(rows)


def test_every_sentence_of_the_files_is_in_the_database() -> None:
    told = {text for data in FILES.values() for text in strings(data) if " " in text}

    missing = told - stored_texts()

    # What is kept as something else: an area without a row, and greetings made of salutation, title and name.
    assert {text for text in missing if not text.startswith(("Sehr geehrte", "Guten Tag"))} == {"Haseland gesamt"}


def test_every_paper_version_has_a_real_file() -> None:
    told = sum(len(paper.get("versions", [])) or 1 for paper in FILES["meetings"]["papers"])

    versions = PaperVersion.objects.all()

    assert versions.count() == told
    for version in versions:
        assert default_storage.size(version.stored_as) == version.size > 0
        assert re.fullmatch(r"[0-9a-f]{32}", version.stored_as)


def test_next_numbers_come_after_those_given() -> None:
    assert counters.take("decision:B:2026") == 16
    assert counters.take("relay:2026") == 19
    assert counters.take("circular:G:2026") == 2


@pytest.mark.parametrize("model", list(TABLES), ids=lambda model: model.__name__)
def test_every_state_is_one_of_its_table(model: type[models.Model]) -> None:
    assert set(model._default_manager.values_list("state", flat=True)) <= set(TABLES[model])


def test_no_address_lies_outside_example() -> None:
    addresses = {address for text in stored_texts() for address in re.findall(r"@([\w.-]+\w)", text)}

    assert {address for address in addresses if not address.endswith(".example")} == set()


def test_database_with_content_of_its_own_is_refused() -> None:
    empty_database()
    Organisation.objects.create(slug="own", name="Eigene", short_name="Eigene", kind="behoerde")

    with pytest.raises(CommandError, match=r"^Diese Datenbank enthält schon eigene Daten\. "):
        call_command("demo")

    assert (Organisation.objects.count(), Installation.objects.filter(is_demo=True).count()) == (1, 0)
