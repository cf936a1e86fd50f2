from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from buendnisse.config import env


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("Off", False), ("", False)])
def test_flag_reads(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("DEMO", value)

    assert env.flag("DEMO") is expected


def test_flag_refuses_other_words_and_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "maybe")

    with pytest.raises(ImproperlyConfigured, match="DEMO='maybe'"):
        env.flag("DEMO")


def test_number_refuses_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")

    with pytest.raises(ImproperlyConfigured, match="PORT='http'"):
        env.number("PORT", 8000)


def test_words_splits_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example, ,b.example ")

    assert env.words("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_secret_is_made_once_and_readable_by_its_owner_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINK_KEY", raising=False)

    first = env.secret("LINK_KEY", tmp_path / "var")
    second = env.secret("LINK_KEY", tmp_path / "var")

    assert first == second
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "var" / "link_key").stat().st_mode) == 0o600


def test_secret_of_the_environment_is_not_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINK_KEY", "given")

    assert env.secret("LINK_KEY", tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_secret_refuses_an_empty_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINK_KEY", raising=False)
    (tmp_path / "link_key").touch()

    with pytest.raises(ImproperlyConfigured, match="LINK_KEY"):
        env.secret("LINK_KEY", tmp_path)


def test_database_defaults_to_a_file_that_takes_its_write_lock_at_begin(tmp_path: Path) -> None:
    entry = env.database("", tmp_path)

    assert entry["NAME"] == tmp_path / "db.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 20


def test_database_reads_a_postgresql_address(tmp_path: Path) -> None:
    entry = env.database("postgresql://anna:p%40ss@db.example:5433/bund?sslmode=require", tmp_path)

    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "anna",
        "p@ss",
        "db.example",
        "5433",
        "bund",
    )
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_database_refuses_other_kinds(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database("mysql://db.example/bund", tmp_path)


def test_mail_reads_user_and_encryption() -> None:
    assert env.mail("smtps://post:geheim@mail.example") == {
        "host": "mail.example",
        "port": 465,
        "user": "post",
        "password": "geheim",
        "tls": True,
        "starttls": False,
    }
    assert env.mail("smtp://mail.example:587?starttls=1")["starttls"] is True


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example"])
def test_mail_refuses_other_addresses(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        env.mail(url)


@pytest.mark.parametrize(
    ("port", "noted", "address"),
    [
        ("", "http://127.0.0.1:8102", "http://127.0.0.1:8102"),
        ("8103", "http://127.0.0.1:8102", "http://127.0.0.1:8103"),
        ("", "", "http://127.0.0.1:8000"),
    ],
)
def test_links_lead_where_this_folder_was_served_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: str, noted: str, address: str
) -> None:
    monkeypatch.setenv("PORT", port)
    if noted:
        (tmp_path / env.ADDRESS).write_text(f"{noted}\n", encoding="ascii")

    assert env.address(tmp_path, env.number("PORT", 8000)) == address
