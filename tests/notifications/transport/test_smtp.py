"""A session with a relay that takes several commands at once (RFC 2920): every reply counts for the mail it belongs to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from notifications.transport import smtp

MAIL = b"Subject: x\r\n\r\n.dot\r\nHallo\r\n"
HELLO = [b"220 relay.example", b"250-relay.example\r\n250-SIZE 1000\r\n250 PIPELINING"]


@pytest.fixture
def talk(settings: Any) -> Any:
    """A relay that answers each line with the next of these replies, and keeps what it was told and in how many pieces."""

    @contextmanager
    def with_replies(*replies: bytes) -> Iterator[tuple[smtp.Connection, list[bytes]]]:
        listener = socket.create_server(("127.0.0.1", 0))
        heard: list[bytes] = []
        thread = threading.Thread(target=_relay, args=(listener, [*HELLO, *replies], heard), daemon=True)
        thread.start()
        address = {"host": "127.0.0.1", "port": listener.getsockname()[1], "user": "", "password": ""}
        settings.SMTP = {**address, "tls": False, "starttls": False}
        with listener:
            with smtp.connect() as connection:
                yield connection, heard
            thread.join(5)

    return with_replies


def _relay(listener: socket.socket, replies: list[bytes], heard: list[bytes]) -> None:
    line, _address = listener.accept()
    with line:
        line.sendall(replies.pop(0) + b"\r\n")
        in_mail = False
        rest = b""
        while replies and (data := line.recv(65536)):
            heard.append(data)
            rest += data
            while replies and b"\r\n" in rest:
                if in_mail:
                    if not (rest.startswith(b".\r\n") or b"\r\n.\r\n" in rest):
                        break
                    rest, in_mail = b"", False
                else:
                    command, rest = rest.split(b"\r\n", 1)
                    in_mail = command == b"DATA" and replies[0].startswith(b"354")
                line.sendall(replies.pop(0) + b"\r\n")


def hand_over(connection: smtp.Connection, recipient: str = "b@verein.example") -> None:
    connection.deliver(sender="a@fachstelle.example", recipient=recipient, payload=MAIL)


def test_envelope_goes_in_one_piece_and_the_mail_in_another(talk: Any) -> None:
    with talk(b"250 ok", b"250 ok", b"354 go on", b"250 taken", b"221 bye") as (connection, heard):
        hand_over(connection)

        assert heard[1:] == [
            b"MAIL FROM:<a@fachstelle.example> size=27\r\nRCPT TO:<b@verein.example>\r\nDATA\r\n",
            b"Subject: x\r\n\r\n..dot\r\nHallo\r\n.\r\n",
        ]


def test_refused_recipient_is_told_by_his_own_reply_and_the_next_mail_leaves(talk: Any) -> None:
    refused = (b"250 ok", b"450 4.7.1 greylisted", b"503 no recipient", b"250 reset")
    with talk(*refused, b"250 ok", b"250 ok", b"354 go on", b"250 taken") as (connection, heard):
        with pytest.raises(smtp.DeliveryFailed, match=r"^450 4\.7\.1 greylisted$") as failure:
            hand_over(connection)
        hand_over(connection)

        assert not failure.value.permanent
        assert heard[2] == b"rset\r\n"


def test_relay_that_asks_for_the_mail_of_a_refused_recipient_gets_an_empty_one(talk: Any) -> None:
    refused = (b"250 ok", b"550 5.1.1 unknown", b"354 go on", b"554 no recipient", b"250 reset")
    with talk(*refused, b"250 ok", b"250 ok", b"354 go on", b"250 taken") as (connection, heard):
        with pytest.raises(smtp.DeliveryFailed, match=r"^550 5\.1\.1 unknown$") as failure:
            hand_over(connection)
        hand_over(connection)

        assert failure.value.permanent
        assert heard[2] == b".\r\n"


def test_session_that_ends_at_the_envelope_has_not_taken_the_mail(talk: Any) -> None:
    with (
        talk(b"250 ok", b"421 4.7.0 too many messages") as (connection, _heard),
        pytest.raises(smtp.ConnectionLost, match=r"^421 4\.7\.0 too many messages$") as lost,
    ):
        hand_over(connection)

    assert not lost.value.may_have_arrived


def test_session_that_ends_behind_the_mail_may_have_taken_it(talk: Any) -> None:
    with (
        talk(b"250 ok", b"250 ok", b"354 go on") as (connection, _heard),
        pytest.raises(smtp.ConnectionLost) as lost,
    ):
        hand_over(connection)

    assert lost.value.may_have_arrived


@pytest.mark.parametrize("address", ["b@verein.example>\r\nRCPT TO:<c@verein.example", "förder@verein.example"])
def test_address_that_is_none_is_never_said_to_the_relay(talk: Any, address: str) -> None:
    with talk(b"250 reset", b"221 bye") as (connection, heard):
        with pytest.raises(smtp.DeliveryFailed, match="lässt sich nicht versenden"):
            hand_over(connection, address)

        assert heard[1:] == [b"rset\r\n"]
