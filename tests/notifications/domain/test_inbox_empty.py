"""A mail in which nothing stands says so, and is not passed on."""

from __future__ import annotations

import pytest

from buendnisse.models import Change
from notifications.enums import InboundVerb
from notifications.models import InboundMessage
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import receive, result
from tests.support import mail_programs
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

BARE_CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n"


def passed_on() -> int:
    return Change.objects.filter(verb=InboundVerb.PASSED_ON).count()


@pytest.fixture(autouse=True)
def _mailbox(cast: World) -> None:
    inbound_mail.has_mailbox()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\r\n\r\n", BARE_CALENDAR, mail_programs.words("", subject=""), mail_programs.words(" \n\n ", subject=" ")],
    ids=["no byte", "two ends of line", "a bare calendar file", "a mail without words", "blanks"],
)
def test_empty_mail_says_so_and_is_not_passed_on(raw: bytes) -> None:
    row = receive(raw)

    assert (*result(row), passed_on()) == ("tray", "empty", "open", 0)
    assert row.get_reason_display() == "Die Mail ist leer. Sie hat keinen Betreff, keinen Text und keinen Anhang."


def test_words_in_the_subject_alone_are_words() -> None:
    row = receive(mail_programs.words("", subject="Ich komme gern."))

    assert (*result(row), passed_on()) == ("tray", "human", "open", 1)


def test_file_without_words_is_a_mail() -> None:
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf\r\n"
    row = receive(head + b'Content-Disposition: attachment; filename="Bericht.pdf"\r\n\r\n%PDF-1.4\r\n')

    assert (*result(row), passed_on()) == ("tray", "human", "open", 1)


def test_empty_automatic_mail_is_filed() -> None:
    row = receive(b"From: a@b.example\r\nAuto-Submitted: auto-replied\r\n\r\n")

    assert result(row) == ("automatic", "automatic", "filed")
    assert InboundMessage.objects.count() == 1
