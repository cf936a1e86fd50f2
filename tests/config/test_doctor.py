from __future__ import annotations

import datetime as dt
import io
import json
import socket
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from buendnisse import clock
from buendnisse.config import broker, databases, doctor, env
from buendnisse.models import Change
from tests.groups import require
from tests.support import dovecot, smtp_sink

pytestmark = pytest.mark.django_db

NAMES = ["Datenbank", "Broker", "SMTP", "IMAP", "Uhr", "Feiertage", "Statische Dateien"]


def test_doctor_looks_at_everything_and_json_says_the_same(settings: Settings) -> None:
    settings.SMTP = env.mail("")
    out = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True, stdout=out)

    findings = json.loads(out.getvalue())
    assert [finding["name"] for finding in findings] == NAMES
    assert findings == [vars(finding) for finding in doctor.examine()]
    assert ended.value.code == 1  # EMAIL_URL is not set


def test_doctor_of_a_complete_demo_ends_well(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.SMTP = env.mail("")
    settings.REDIS_URL = ""
    settings.STATIC_ROOT = settings.FONT_DIR = tmp_path
    for name in ("kern/kern.min.css", "css/base.css", "django_htmx/htmx-2.min.js", "FiraSans-Regular.ttf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    out = io.StringIO()

    with clock.frozen(dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)):
        call_command("doctor", stdout=out)

    lines = out.getvalue().splitlines()
    assert [line[:5] for line in lines] == ["gut  "] * len(NAMES)
    assert lines[4] == "gut   Uhr                23.11.2026 09:00 Uhr in Europe/Berlin."


def test_database_is_as_new_as_the_program() -> None:
    ok, words = doctor.database()

    assert ok
    assert words.endswith("auf dem Stand des Programms.")


def test_database_that_needs_migrations_falls_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "pending", lambda: ["meetings.0002_more"])

    ok, words = doctor.database()

    assert not ok
    assert words.endswith(": 1 Migrationen stehen aus. `manage.py run` oder `migrate` holt sie nach.")


def test_broker_of_ones_own_must_answer(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert doctor.embedded_or_own_broker() == (False, "127.0.0.1 antwortet nicht. Stimmt REDIS_URL?")


def test_broker_that_answers_is_enough(settings: Settings) -> None:
    settings.REDIS_URL = require("redis")

    ok, words = doctor.embedded_or_own_broker()

    assert ok
    assert words.endswith(" antwortet.")


def test_embedded_broker_need_not_run(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.VAR_DIR = tmp_path

    assert doctor.embedded_or_own_broker() == (
        True,
        "eingebettet; startet mit `manage.py run` und läuft gerade nicht.",
    )
    assert not broker.socket_for(tmp_path).exists()


def test_smtp_is_asked_for_real(settings: Settings) -> None:
    require("smtp")
    with smtp_sink.running() as sink:
        settings.SMTP = env.mail(f"smtp://127.0.0.1:{sink.port}")
        assert doctor.smtp() == (True, f"127.0.0.1:{sink.port} nimmt Post an.")

    with socket.socket() as silent:  # holds its port, so that nobody else listens there
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        settings.SMTP = env.mail(f"smtp://127.0.0.1:{port}")
        assert doctor.smtp() == (False, f"127.0.0.1:{port}: [Errno 111] Connection refused")


def test_without_smtp_only_a_demo_is_complete(settings: Settings) -> None:
    settings.SMTP = env.mail("")

    settings.DEMO = True
    assert doctor.smtp() == (True, "nicht gesetzt; in der Vorführung bleibt Post im Postausgang.")
    settings.DEMO = False
    assert doctor.smtp() == (False, "EMAIL_URL ist nicht gesetzt: Post bleibt im Postausgang liegen.")


def test_imap_is_asked_only_where_it_is_set(settings: Settings) -> None:
    settings.IMAP = env.mailbox("", "")
    assert doctor.imap() == (True, "nicht gesetzt; Antworten aus Kalendern werden nicht gelesen.")

    settings.IMAP = env.mailbox("imap://anna:geheim@127.0.0.1:1/INBOX", "")
    assert doctor.imap() == (False, "127.0.0.1:1: [Errno 111] Connection refused")


@pytest.mark.parametrize(
    ("url", "in_clear"),
    [
        ("imap://anna:geheim@mail.example", True),
        ("imap://anna:geheim@192.0.2.7/INBOX", True),
        ("imap://anna:geheim@localhost.mail.example", True),
        ("imap://anna:geheim@127.0.0.1", False),
        ("imap://anna:geheim@127.0.1.1", False),
        ("imap://anna:geheim@[::1]", False),
        ("imap://anna:geheim@localhost", False),
        ("imap://anna:geheim@mail.example?starttls=1", False),
        ("imaps://anna:geheim@mail.example", False),
    ],
)
def test_password_is_in_clear_without_encryption_to_another_machine(url: str, in_clear: bool) -> None:
    assert doctor.is_in_clear(env.mailbox(url, "")) is in_clear


def test_password_is_not_tried_in_clear(settings: Settings) -> None:
    settings.IMAP = env.mailbox("imap://anna:geheim@192.0.2.7/INBOX", "")

    words = (
        "192.0.2.7:143: Das Kennwort ginge unverschlüsselt durch das Netz. Bitte `imaps://` oder `?starttls=1` nehmen."
    )
    assert doctor.imap() == (False, words)


def test_mailbox_of_somebody_else_than_the_organizer_is_asked_about(settings: Settings) -> None:
    require("dovecot")
    with dovecot.running(["fachstelle@kreis.example"]) as server:
        settings.IMAP = env.mailbox(server.url("fachstelle@kreis.example"), "")
        found = f"127.0.0.1:{server.imap_port}, Ordner INBOX: 0 Nachrichten."

        settings.ORGANIZER_EMAIL = "Fachstelle@kreis.example"
        assert doctor.imap() == (True, found)
        settings.ORGANIZER_EMAIL = "buendnisse@kreis.example"
        hint = "Antworten gehen an buendnisse@kreis.example, gelesen wird fachstelle@kreis.example. Ist das dasselbe Postfach?"
        assert doctor.imap() == (True, f"{found} {hint}")


def test_name_to_sign_in_with_is_no_other_mailbox(settings: Settings) -> None:
    require("dovecot")
    with dovecot.running(["buendnisse"]) as server:
        settings.IMAP = env.mailbox(server.url("buendnisse"), "")

        assert doctor.imap() == (True, f"127.0.0.1:{server.imap_port}, Ordner INBOX: 0 Nachrichten.")


def test_clock_behind_the_journal_falls_short() -> None:
    moment = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
    Change.objects.create(verb="meeting.move", subject_type="meeting", subject_id=1, at=moment)

    with clock.frozen(moment - dt.timedelta(days=1)):
        assert doctor.the_clock() == (False, "Es ist 22.11.2026 09:00, aber das Journal kennt 23.11.2026 09:00.")
    with clock.frozen(moment):
        assert doctor.the_clock() == (True, "23.11.2026 09:00 Uhr in Europe/Berlin.")


@pytest.mark.parametrize(("year", "enough"), [(2026, True), (2029, False)])
def test_holidays_are_known_far_enough(year: int, enough: bool) -> None:
    with clock.frozen(dt.datetime(year, 1, 15, tzinfo=dt.UTC)):
        ok, words = doctor.holidays_horizon()

    assert ok is enough
    assert words.startswith("Schulferien NI bekannt bis ")


def test_missing_static_files_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.FONT_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path

    ok, words = doctor.static_files()

    assert not ok
    assert words == "kern/kern.min.css fehlt. `make setup` holt es."
