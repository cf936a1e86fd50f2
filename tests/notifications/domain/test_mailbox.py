"""Reading a real mailbox on a real IMAP server: every mail once, whatever breaks."""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError, ProgrammingError, connection
from django.db.models import F

from buendnisse import clock
from buendnisse.config import doctor, env
from notifications.domain import mailbox, ring, tray
from notifications.enums import RingStep
from notifications.imip import mime
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage, MailboxState
from notifications.transport import imap
from tests import groups
from tests.support import cut_line, dovecot
from tests.world import AT

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "buendnisse@fachstelle.example"


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Server]:
    groups.require("dovecot")
    with dovecot.running([OURS]) as running:
        yield running


@pytest.fixture(autouse=True)
def _mailbox(server: dovecot.Server, settings: Any) -> Iterator[None]:
    settings.IMAP = env.mailbox(server.url(OURS), "")
    yield
    server.empty(OURS)


def mail(number: int, *, body: str = "Guten Tag.") -> bytes:
    head = (
        f"From: anna@verein.example\r\nTo: {OURS}\r\nSubject: Nr. {number}\r\nMessage-ID: <{number}@verein.example>\r\n"
    )
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()


def lay(server: dovecot.Server, *numbers: int) -> None:
    for number in numbers:
        server.lay(mail(number), to=OURS)


def read() -> tuple[int, int, int, int]:
    """How many mails were read, had been read before, could not be, and are left."""
    done = mailbox.read(at=AT)
    return done.read, known(done), done.broken, done.left


def known(done: mailbox.Reading) -> int:
    return sum(row.is_known for row in done.rows)


def filed() -> int:
    return InboundMessage.objects.count()


def test_what_is_new_is_filed_and_moved_and_never_again(server: dovecot.Server) -> None:
    lay(server, 1, 2)

    assert read() == (2, 0, 0, 0)
    assert read() == (0, 0, 0, 0)
    assert list(InboundMessage.objects.order_by("pk").values_list("source", flat=True)) == ["imap", "imap"]
    assert (server.mails(OURS), server.mails(OURS, "Verarbeitet")) == ([], [mail(1), mail(2)])


def test_mail_stays_unread_for_who_looks_into_the_mailbox(server: dovecot.Server) -> None:
    lay(server, 1)
    read()

    with server.session(OURS) as session:
        session.select("Verarbeitet", readonly=True)
        assert session.search(None, "UNSEEN")[1] == [b"1"]


def test_mark_survives_a_mailbox_that_was_built_anew(server: dovecot.Server) -> None:
    lay(server, 1)
    read()
    server.empty(OURS)
    lay(server, 1, 2)
    # Dovecot takes the number from the clock: within one second the new mailbox would have the old one's.
    MailboxState.objects.update(uid_validity=F("uid_validity") - 1)

    assert read() == (2, 1, 0, 0)
    assert filed() == 2
    assert read() == (0, 0, 0, 0)


def test_another_mailbox_has_a_mark_of_its_own(server: dovecot.Server, settings: Any) -> None:
    lay(server, 1)
    read()
    with server.session(OURS) as session:
        session.create("Antworten")
        session.append("Antworten", None, None, mail(3))  # type: ignore[arg-type]
    settings.IMAP = env.mailbox(server.url(OURS).replace("/INBOX", "/Antworten"), "")

    assert read() == (1, 0, 0, 0)
    assert MailboxState.objects.get().mailbox == f"{OURS}@127.0.0.1:{server.imap_port}/Antworten"


def test_of_a_mail_too_large_only_the_beginning_is_fetched(server: dovecot.Server) -> None:
    server.lay(mail(1, body="x" * 2_000_000), to=OURS)

    assert read() == (1, 0, 0, 0)
    row = InboundMessage.objects.get()
    assert (row.is_cut, len(bytes(row.raw or b"")), row.state) == (True, mime.LONGEST, "open")
    assert len(server.mails(OURS, "Verarbeitet")) == 1


def refusing(subject: str, error: type[BaseException]) -> Callable[..., Any]:
    """A database that does not take this one mail."""

    def ask(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and subject in (params or ()):
            raise error
        return execute(sql, params, many, context)

    return ask


def test_broken_mail_never_blocks_those_behind_it(server: dovecot.Server) -> None:
    lay(server, 1, 2, 3)

    with connection.execute_wrapper(refusing("Nr. 2", ProgrammingError)):
        assert read() == (2, 0, 1, 0)
    assert (server.mails(OURS, "Verarbeitet"), server.mails(OURS, "Fehler")) == ([mail(1), mail(3)], [mail(2)])
    assert MailboxState.objects.get().unreadable == 1


def test_mail_the_database_cannot_hold_lies_in_the_tray(server: dovecot.Server) -> None:
    lay(server, 1, 2, 3)

    with connection.execute_wrapper(refusing("Nr. 2", DataError)):
        assert read() == (3, 0, 0, 0)
    assert outcomes() == [("tray", "human"), ("tray", "unreadable"), ("tray", "human")]
    assert bytes(InboundMessage.objects.get(reason="unreadable").raw or b"") == mail(2)


def outcomes() -> list[tuple[str, str]]:
    return list(InboundMessage.objects.order_by("pk").values_list("outcome", "reason"))


def test_mail_that_takes_the_worker_down_is_set_aside(server: dovecot.Server) -> None:
    lay(server, 1, 2, 3)
    with connection.execute_wrapper(refusing("Nr. 2", SystemExit)):
        for _ in range(2):
            with pytest.raises(SystemExit):
                read()

        assert read() == (2, 0, 0, 0)
    assert outcomes() == [("tray", "human"), ("tray", "unreadable"), ("tray", "human")]
    row = InboundMessage.objects.get(reason="unreadable")
    assert (bytes(row.raw or b""), row.state, row.subject) == (mail(2), "open", "")
    assert (server.mails(OURS, "Verarbeitet"), server.mails(OURS, "Fehler")) == ([mail(1), mail(3)], [mail(2)])
    page = tray.page(row.pk, at=AT)
    assert page is not None
    assert page.mail == Incoming(fault="unreadable")  # and is not read by the web worker either


def test_worker_told_to_stop_does_not_take_it_for_the_mails_fault(server: dovecot.Server) -> None:
    lay(server, 1, 2, 3)
    with (
        connection.execute_wrapper(refusing("Nr. 2", SoftTimeLimitExceeded)),
        pytest.raises(SoftTimeLimitExceeded),
    ):
        read()

    assert read() == (2, 0, 0, 0)
    assert outcomes() == [("tray", "human")] * 3
    assert server.mails(OURS, "Fehler") == []


def test_long_reading_ends_before_the_worker_is_told_to_stop(
    server: dovecot.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(server, 1, 2, 3)
    monkeypatch.setattr(mailbox, "_AT_A_STRETCH", 0.0)

    assert (read(), mailbox.is_due()) == ((1, 0, 0, 2), True)


def test_database_that_is_away_is_not_the_mails_fault(server: dovecot.Server) -> None:
    lay(server, 1, 2)

    for _ in range(3):
        with (
            connection.execute_wrapper(refusing("Nr. 2", OperationalError)),
            pytest.raises(OperationalError),
        ):
            read()
    assert read() == (1, 0, 0, 0)
    assert outcomes() == [("tray", "human")] * 2
    assert server.mails(OURS, "Verarbeitet") == [mail(1), mail(2)]


def test_failure_to_move_loses_and_repeats_nothing(server: dovecot.Server) -> None:
    lay(server, 1)
    for name in (".Verarbeitet", ".INBOX.Verarbeitet"):
        (server.folder / "mail" / OURS / name).write_text("in the way", encoding="ascii")

    assert read() == (1, 0, 0, 0)
    assert read() == (0, 0, 0, 0)
    assert (filed(), server.mails(OURS)) == (1, [mail(1)])


@pytest.mark.parametrize("is_silent", [False, True])
def test_lost_connection_is_taken_up_by_the_next_reading(
    server: dovecot.Server, settings: Any, monkeypatch: pytest.MonkeyPatch, is_silent: bool
) -> None:
    monkeypatch.setattr(imap, "_TIMEOUT", 0.5)
    lay(server, 1, 2, 3)
    with cut_line.to(server.imap_port) as line:
        line.breaks_at, line.is_silent = b"FETCH", is_silent
        settings.IMAP = {**settings.IMAP, "port": line.port}
        broken_off = mailbox.read(at=AT)
        line.breaks_at = b""
        again = mailbox.read(at=AT)

    assert (broken_off.read, broken_off.failure != "") == (1, True)
    assert (again.read, known(again), again.failure) == (2, 0, "")
    assert server.mails(OURS, "Verarbeitet") == [mail(1), mail(2), mail(3)]


def test_crash_between_filing_and_moving_files_nothing_twice(server: dovecot.Server, settings: Any) -> None:
    """The line breaks when the mail is moved: filed and marked, it stays where it is."""
    lay(server, 1, 2)
    with cut_line.to(server.imap_port) as line:
        line.breaks_at, line.sights = b"MOVE", 0
        settings.IMAP = {**settings.IMAP, "port": line.port}
        assert mailbox.read(at=AT).failure != ""
        line.breaks_at = b""
        assert read() == (1, 0, 0, 0)
    assert filed() == 2


def test_only_one_reads_at_a_time(server: dovecot.Server) -> None:
    lay(server, 1)
    MailboxState.objects.update_or_create(
        pk=1, defaults={"lease_until": clock.real_now() + dt.timedelta(minutes=1), "lease_by": "somebody"}
    )

    with pytest.raises(mailbox.AlreadyReading):
        read()
    MailboxState.objects.update(lease_until=clock.real_now() - dt.timedelta(seconds=1))  # a dead reader's
    assert read() == (1, 0, 0, 0)


def test_large_inbox_is_read_in_portions(server: dovecot.Server) -> None:
    lay(server, 1, 2, 3)

    done = mailbox.read(at=AT, limit=2)
    assert (done.read, done.left, mailbox.is_due()) == (2, 1, True)
    done = mailbox.read(at=AT, limit=2)
    assert (done.read, done.left, mailbox.is_due()) == (1, 0, False)


def test_ring_by_hand_reads_it_and_a_dry_run_leaves_it_alone(server: dovecot.Server) -> None:
    lay(server, 1)
    assert ring.ring(at=AT, send=False).failed == []
    assert filed() == 0

    assert ring.ring(at=AT).failed == []
    assert filed() == 1


def test_mailbox_that_cannot_be_read_is_a_step_that_failed(settings: Any, server: dovecot.Server) -> None:
    settings.IMAP = {**settings.IMAP, "password": "falsch"}

    assert ring.ring(at=AT).failed == [RingStep.MAILBOX]
    state = MailboxState.objects.get()
    assert (state.failure, state.read_at) == ("[AUTHENTICATIONFAILED] Authentication failed.", None)
    where = f"127.0.0.1:{server.imap_port}"
    assert doctor.imap() == (False, f"{where}: [AUTHENTICATIONFAILED] Authentication failed.")


def test_doctor_says_how_much_lies_there(server: dovecot.Server, settings: Any) -> None:
    lay(server, 1, 2)

    where = f"127.0.0.1:{server.imap_port}"
    assert doctor.imap() == (True, f"{where}, Ordner INBOX: 2 Nachrichten.")
    settings.IMAP = {**settings.IMAP, "folder": "Nirgends"}
    ok, words = doctor.imap()
    assert (ok, words.startswith(f"{where}: ")) == (False, True)
    assert filed() == 0


class _TokenInfo(BaseHTTPRequestHandler):
    """Tells whose access token one is, as an identity provider does."""

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
        body = json.dumps({"email": OURS} if token == "frisch-7" else {"error": "invalid_token"}).encode()
        self.send_response(200 if token == "frisch-7" else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        pass


def test_access_token_from_a_command_opens_a_mailbox_without_password(settings: Any, tmp_path: Path) -> None:
    provider = HTTPServer(("127.0.0.1", 0), _TokenInfo)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    script = tmp_path / "token.py"
    script.write_text("print('frisch-7')\n", encoding="ascii")
    try:
        info = f"http://127.0.0.1:{provider.server_port}/?access_token="
        # And this one keeps all folders below the inbox.
        with dovecot.running([OURS], token_info=info, separator=".", prefix="INBOX.") as other:
            lay(other, 1)
            url = f"imap://{OURS.replace('@', '%40')}@127.0.0.1:{other.imap_port}"
            settings.IMAP = env.mailbox(url, f"{sys.executable} {script}")
            assert read() == (1, 0, 0, 0)
            assert other.mails(OURS, "INBOX.Verarbeitet") == [mail(1)]

            script.write_text("print('abgelaufen')\n", encoding="ascii")
            assert mailbox.read(at=AT).failure != ""
            script.write_text("raise SystemExit('kein Netz')\n", encoding="ascii")
            assert mailbox.read(at=AT).failure == "IMAP_TOKEN_COMMAND: CalledProcessError"
    finally:
        provider.shutdown()
        provider.server_close()


def test_command_says_what_became_of_each_mail(server: dovecot.Server, settings: Any) -> None:
    lay(server, 1, 2)
    said = StringIO()
    call_command("read_mailbox", json=True, stdout=said)

    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [(one["file"], one["kind"]) for one in lines] == [(imap.name(), "human")] * 2
    settings.IMAP = {**settings.IMAP, "password": "falsch"}
    with pytest.raises(CommandError, match="Das Postfach ist nicht lesbar"):
        call_command("read_mailbox", stdout=StringIO())
    settings.IMAP = env.mailbox("", "")
    with pytest.raises(CommandError, match="IMAP_URL ist nicht gesetzt."):
        call_command("read_mailbox", stdout=StringIO())
