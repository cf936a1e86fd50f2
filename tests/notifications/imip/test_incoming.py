"""What a mail is, and what it says: read within bounds, and never with an exception."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from billiard.exceptions import SoftTimeLimitExceeded

from notifications.imip import incoming, mime
from notifications.imip.addresses import comparable
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


def test_object_of_several_events_beside_a_good_one_leaves_nothing_to_apply() -> None:
    other = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nEND:VEVENT\r\n" for number in range(2)
    )
    for good in (mail_programs.thunderbird(SAID), mail_programs.gmail(SAID)):
        rule = b"--tb-2" if b"--tb-2" in good else b"--b"
        part = f"\r\nContent-Type: text/calendar\r\n\r\n{other}END:VCALENDAR\r\n".encode()
        mail = incoming.read(good.replace(rule, rule + part + rule, 1))
        assert (mail.kind, mail.fault, mail.answer) == ("calendar", "several_calendars", None)


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


def test_html_with_unknown_markers_keeps_its_words_and_the_answer_beside_it() -> None:
    raw = (
        mail_programs.gmail(SAID)
        .replace(b"text/plain", b"text/x-none")
        .replace(b"<p>", b"<p><![x mso]>&#" + b"9" * 5000)
    )
    mail = incoming.read(raw)
    assert (mail.kind, mail.fault, mail.sender.address) == ("calendar", "", "susanne@verein.example")
    assert mail.text == "&#" + "9" * 5000 + "Susanne Overhage has accepted this invitation."


MARKUP = {
    "1 < 2 <b>und</b> 3 > 2": "1 < 2 und 3 > 2",
    "<p title='a > b'>Ja</p>": "Ja",
    "<!--[if mso]>Outlook<![endif]-->alle": "alle",
    "<![if !mso]>alle<![endif]>": "alle",
    "<head><title>x</title><body>Ja": "Ja",
    "<script>if (a </b) {}</script>Ja": "Ja",
    "Ja <br": "Ja",
    "Ja<svg/>, <object data='x' />gern <noscript/>und <template/>sicher": "Ja, gern und sicher",
    "Ja<svg a='/>'>Bild</svg>, gern": "Ja, gern",
    "Ja <!-- offen": "Ja",
    "&lt;b&gt; &auml; &bogus; &": "<b> ä &bogus; &",
}


@pytest.mark.parametrize("page", MARKUP)
def test_what_is_no_markup_is_text(page: str) -> None:
    assert incoming.read(message(page, "Content-Type: text/html; charset=utf-8")).text == MARKUP[page]


def test_answer_of_a_postmaster_is_an_answer_and_what_a_server_sends_back_is_none() -> None:
    for partstat, method, kind in (("ACCEPTED", "REPLY", "calendar"), ("NEEDS-ACTION", "REQUEST", "report")):
        said = SAID.but(attendee="postmaster@verein.example", partstat=partstat, method=method)
        mail = incoming.read(mail_programs.outlook(said))
        assert (mail.kind, mail.answer is None) == (kind, kind == "report")


UNFIT = [
    "a\x00b@x.example",
    "a\u202eb@x.example",
    "mailto:a%00b@x.example",
    f"{'l' * 130}@{'.'.join(['üäö' * 10] * 4)}",
    f"{'İ' * 120}@{'x' * 120}.example",
]


@pytest.mark.parametrize("address", UNFIT)
def test_address_that_cannot_be_stored_is_none(address: str) -> None:
    assert comparable(address) == ""


def test_sender_nested_beyond_reading_leaves_the_rest() -> None:
    mail = incoming.read(b"From: " + b"(" * 3000 + b"\r\nSubject: Frage\r\n\r\nGuten Tag")
    assert (mail.fault, mail.subject, mail.text) == ("", "Frage", "Guten Tag")


def test_time_that_is_up_is_not_the_mails_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_text: str) -> str:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(html, "unescape", stop)
    with pytest.raises(SoftTimeLimitExceeded):
        incoming.read(message("<p>Guten Tag", "Content-Type: text/html"))


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
    assert incoming.read(message(deep, "Content-Type: multipart/mixed; boundary=b0")).fault == "too_nested"
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
