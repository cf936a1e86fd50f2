"""`manage.py read_mail`: one line a mail, from files and from standard input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from buendnisse import clock
from meetings.models import Attendance, Meeting
from notifications.models import InboundMessage
from tests import world
from tests.notifications.conftest import february, invited, relay  # noqa: F401 -- fixtures
from tests.notifications.inbound_mail import NOON, reply
from tests.support import mail_programs
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> World:
    return world.build()


def read(*files: object, **options: Any) -> list[str]:
    out = io.StringIO()
    with clock.frozen(NOON):
        call_command("read_mail", *map(str, files), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().splitlines()


def test_one_line_of_json_for_each_mail(invited: Meeting, cast: World, tmp_path: Path, settings: Any) -> None:  # noqa: F811
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER
    answer, words = tmp_path / "antwort.eml", tmp_path / "worte.eml"
    answer.write_bytes(mail_programs.outlook(reply(invited, cast.susanne)))
    words.write_bytes(mail_programs.words("Guten Tag"))

    lines = [json.loads(line) for line in read(answer, words, answer, json=True)]

    assert [(line["file"], line["kind"], line["outcome"], line["reason"]) for line in lines] == [
        (str(answer), "calendar", "applied", "answered"),
        (str(words), "human", "tray", "human"),
        (str(answer), "calendar", "duplicate", "known"),
    ]
    assert Attendance.objects.get(meeting=invited, person=cast.susanne).answer == "accepted"


def test_standard_input_and_plain_words(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail_programs.words("Guten Tag"))))

    assert read("-") == ["-: zu klären. Eine Mail in Worten. Bitte lesen Sie sie."]


def test_file_that_is_not_there_is_named_and_the_others_are_read(cast: World, tmp_path: Path) -> None:
    there = tmp_path / "da.eml"
    there.write_bytes(mail_programs.words("Guten Tag"))

    with pytest.raises(CommandError, match="1 von 2 Dateien ließen sich nicht lesen."):
        read(tmp_path / "fehlt.eml", there)
    assert InboundMessage.objects.count() == 1
