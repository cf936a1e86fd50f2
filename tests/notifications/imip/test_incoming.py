"""What a mail is, and what it says: read within bounds, and never with an exception."""

from __future__ import annotations

import datetime as dt

import pytest

from notifications.imip import incoming, mime
from tests.support import mail_programs
from tests.support.mail_programs import OUR_SERVER, PROGRAMS, STAMP, Reply

SAID = Reply(uid="7.abc@fachstelle.example", attendee="susanne@verein.example", comment="Komme; später, ja")


def message(body: str = "", *headers: str) -> bytes:
    return "\r\n".join(
        ["From: Susanne <susanne@verein.example>", "Message-ID: <1@v.example>", *headers, "", body]
    ).encode()


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_says_the_same(program: str) -> None:
    mail = incoming.read(PROGRAMS[program](SAID))

    assert (mail.kind, mail.fault, mail.is_automatic) == ("calendar", "", False)
    assert mail.sender == mime.Party("susanne@verein.example", "Susanne Overhage")
    assert mail.answer is not None
    [attendee] = mail.answer.attendees
    said = (mail.answer.method, mail.answer.uid, mail.answer.sequence, mail.answer.stamp, mail.answer.comment)
    assert said == ("REPLY", "7.abc@fachstelle.example", 0, STAMP, "Komme; später, ja")
    assert (attendee.address, attendee.partstat) == ("susanne@verein.example", "ACCEPTED")
    assert mail.answer.organizer == (None if program == "outlook" else mail_programs.ORGANIZER)
    assert (mail.answer.start, mail.answer.end) == (SAID.start, SAID.end)
    assert mail.is_from_its_sender(OUR_SERVER)


def test_kinds() -> None:
    report = "Content-Type: multipart/report; report-type=delivery-status; boundary=x"
    receipt = "Content-Type: multipart/report; report-type=disposition-notification; boundary=x"
    assert incoming.read(message("Guten Tag")).kind == "human"
    assert incoming.read(message("Bin weg", "Auto-Submitted: auto-replied (vacation)")).kind == "automatic"
    assert incoming.read(message("Text", "Auto-Submitted: no")).kind == "human"
    assert incoming.read(message("--x\r\n\r\nfailed\r\n--x--", report)).kind == "report"
    assert incoming.read(message("--x\r\n\r\ngelesen\r\n--x--", receipt)).kind == "automatic"
    assert incoming.read(b"From: MAILER-DAEMON@mx.example\r\n\r\nfailed").kind == "report"


def test_report_with_our_invitation_inside_is_no_answer() -> None:
    inside = mail_programs.gmail(SAID).decode()
    raw = message(
        f"--x\r\n\r\nfailed\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n{inside}\r\n--x--",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    )
    assert (incoming.read(raw).kind, incoming.read(raw).answer) == ("report", None)


def test_somebodys_own_calendar_file_is_no_answer() -> None:
    event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR"
    raw = message(event, 'Content-Type: text/calendar; name="termin.ics"')
    assert (incoming.read(raw).kind, incoming.read(raw).answer) == ("human", None)


def test_words_of_html_are_shown_as_plain_text() -> None:
    page = (
        "<html><head><title>nein</title><style>p{}</style></head><body><p>Guten&nbsp;Tag,</p>"
        "<div>ich <b>komme</b><br>gern.</div><img src='https://spur.example/1.gif'><script>böse()</script></body></html>"
    )
    mail = incoming.read(message(page, "Content-Type: text/html; charset=utf-8"))
    assert mail.text == "Guten Tag,\n\nich komme\ngern."


def test_headers_in_other_alphabets_and_without_any_encoding() -> None:
    coded = incoming.read(message("", "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?bogus?q?x?="))
    bare = incoming.read("Subject: Grüße\r\nFrom: Jürgen <j@müller.example>\r\n\r\n".encode())
    assert coded.subject == "Grüßex"
    assert (bare.subject, bare.sender) == ("Grüße", mime.Party("j@xn--mller-kva.example", "Jürgen"))


def test_name_that_contains_an_address_does_not_become_it() -> None:
    name = "=?utf-8?q?=3Cchefin=40fachstelle=2Eexample=3E=2C?="
    mail = incoming.read(f"From: {name} <fremd@anders.example>\r\n\r\n".encode())
    assert mail.sender.address == "fremd@anders.example"


def test_two_senders_prove_nothing() -> None:
    raw = mail_programs.gmail(SAID).replace(b"\r\nTo:", b"\r\nFrom: andere@verein.example\r\nTo:", 1)
    assert not incoming.read(raw).is_from_its_sender(OUR_SERVER)


def test_bounds() -> None:
    many = "".join(f"--x\r\n\r\n{number}\r\n" for number in range(60)) + "--x--"
    deep = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(400))
    assert incoming.read(message(many, "Content-Type: multipart/mixed; boundary=x")).fault == "too_nested"
    assert incoming.read(message(deep, "Content-Type: multipart/mixed; boundary=b0")).fault == ""
    large = incoming.read(mail_programs.apple(SAID) + b"x" * mime.LONGEST)
    assert (large.kind, large.fault, large.is_cut) == ("human", "too_large", True)


def test_files_are_named_and_not_opened() -> None:
    raw = message(
        "--x\r\n\r\nText\r\n--x\r\nContent-Type: application/pdf\r\n"
        "Content-Disposition: attachment; filename*=utf-8''Pl%C3%A4ne.pdf\r\n\r\nabc\r\n--x--",
        "Content-Type: multipart/mixed; boundary=x",
    )
    assert incoming.read(raw).files == (incoming.File("Pläne.pdf", 3),)


def test_threads_are_kept() -> None:
    mail = incoming.read(message("", "In-Reply-To: <2@x>", "References: <1@x>\r\n <2@x> unsinn"))
    assert mail.answers_to == ("<2@x>", "<1@x>")


@pytest.mark.parametrize("date", ["", "gestern", "Mon, 99 Nov 2026 25:00:00", "Thu, 1 Jan 1970 00:00:00 +0000"])
def test_dates_that_are_none(date: str) -> None:
    assert incoming.read(message("", f"Date: {date}")).date is None


def test_date_in_utc() -> None:
    mail = incoming.read(message("", "Date: Mon, 23 Nov 2026 11:00:00 +0100"))
    assert mail.date == dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
