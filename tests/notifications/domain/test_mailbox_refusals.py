"""A server that hands out one mail not at all, or none of them for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from notifications.domain import mailbox
from notifications.models import MailboxState
from tests.notifications.domain.test_mailbox import OURS, _mailbox, lay, mail, outcomes, read, server
from tests.support import cut_line, dovecot
from tests.world import AT

__all__ = ["_mailbox", "server"]
pytestmark = pytest.mark.django_db(transaction=True)

CANNOT_CONVERT = b"The requested message could not be converted to an RFC-822 compatible format."


@pytest.fixture
def line(server: dovecot.Server, settings: Any) -> Iterator[cut_line.Line]:
    with cut_line.to(server.imap_port) as line:
        settings.IMAP = {**settings.IMAP, "port": line.port}
        yield line


def second(server: dovecot.Server) -> bytes:
    """The command that fetches the second of the mails that lie there."""
    with server.session(OURS) as session:
        session.select(readonly=True)
        return b"FETCH " + session.uid("SEARCH", "ALL")[1][0].split()[1] + b" "


def test_mail_the_server_will_not_hand_out_is_passed_over(server: dovecot.Server, line: cut_line.Line) -> None:
    lay(server, 1, 2, 3)
    line.refused[second(server)] = CANNOT_CONVERT

    assert [mailbox.read(at=AT).failure for _ in range(2)] == [CANNOT_CONVERT.decode()] * 2
    assert read() == (1, 0, 1, 0)
    assert (server.mails(OURS, "Verarbeitet"), server.mails(OURS, "Fehler")) == ([mail(1), mail(3)], [mail(2)])
    assert MailboxState.objects.get().unreadable == 1


@pytest.mark.parametrize("words", [b"Internal error occurred.", b"[ALERT] Mailbox is being moved.", b"[NOPERM] No."])
def test_server_that_hands_out_nothing_for_a_while_loses_no_mail(
    server: dovecot.Server, line: cut_line.Line, words: bytes
) -> None:
    lay(server, 1, 2, 3)
    line.refused[b"FETCH "] = words

    assert [mailbox.read(at=AT).failure for _ in range(6)] == [words.decode()] * 6
    assert server.mails(OURS) == [mail(1), mail(2), mail(3)]
    line.refused.clear()
    assert read() == (3, 0, 0, 0)
    assert MailboxState.objects.get().unreadable == 0


def test_last_mail_the_server_will_not_hand_out_waits_an_hour(server: dovecot.Server, line: cut_line.Line) -> None:
    lay(server, 1, 2)
    line.refused[second(server)] = CANNOT_CONVERT

    assert [mailbox.read(at=AT).failure for _ in range(31)] == [CANNOT_CONVERT.decode()] * 30 + [""]
    assert (server.mails(OURS, "Verarbeitet"), server.mails(OURS, "Fehler")) == ([mail(1)], [mail(2)])


def test_no_two_mails_are_passed_over_in_a_row(server: dovecot.Server, line: cut_line.Line) -> None:
    lay(server, 1, 2)
    line.refused[b"FETCH "] = b"Internal error occurred."

    broken = [mailbox.read(at=AT).broken for _ in range(33)]
    assert broken == [0] * 30 + [1] + [0] * 2
    assert (server.mails(OURS), server.mails(OURS, "Fehler")) == ([mail(2)], [mail(1)])


def test_server_that_is_busy_is_asked_again(server: dovecot.Server, line: cut_line.Line) -> None:
    lay(server, 1, 2, 3)
    line.refused[second(server)] = b"[UNAVAILABLE] Try later."
    assert mailbox.read(at=AT).failure == "[UNAVAILABLE] Try later."
    line.refused.clear()
    assert read() == (2, 0, 0, 0)
    assert outcomes() == [("tray", "human")] * 3


def test_server_that_says_it_is_busy_stops_nothing_for_more_than_an_hour(
    server: dovecot.Server, line: cut_line.Line
) -> None:
    lay(server, 1, 2, 3)
    line.refused[second(server)] = b"[UNAVAILABLE] Try later."
    refused = [mailbox.read(at=AT).failure for _ in range(31)]
    assert refused == ["[UNAVAILABLE] Try later."] * 30 + [""]
    assert (server.mails(OURS, "Verarbeitet"), server.mails(OURS, "Fehler")) == ([mail(1), mail(3)], [mail(2)])
