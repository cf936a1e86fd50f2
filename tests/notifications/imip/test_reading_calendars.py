"""Calendar objects that came in: the same as a library reads, and nothing of a stranger is worked out."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from icalendar import Calendar

from notifications.imip import addresses, answer, compose, lines, moments, origin
from tests.notifications.imip import samples
from tests.support import mail_programs

UTC = dt.UTC


def event(*properties: str) -> bytes:
    body = ["BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", *properties, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(body).encode()


def test_what_we_write_is_read_as_the_library_reads_it() -> None:
    written = compose.request(samples.EVENT)
    [theirs] = Calendar.from_ical(written).events

    ours = answer.read(written)

    assert (ours.method, ours.uid, ours.sequence) == ("REQUEST", theirs["UID"], theirs["SEQUENCE"])
    assert (ours.start, ours.end, ours.stamp) == (theirs.start, theirs.end, theirs.stamp)
    assert ours.organizer == str(theirs["ORGANIZER"]).removeprefix("mailto:")
    [attendee] = ours.attendees
    assert f"mailto:{attendee.address}" == str(theirs["ATTENDEE"])
    assert attendee.name == theirs["ATTENDEE"].params["CN"]


def test_folds_escapes_and_quotes() -> None:
    data = event(
        'ATTENDEE;CN="Müller; Anna, M. A.";PARTSTAT=accepted;X=a:',
        " mailto:anna@x.example",
        "COMMENT:Erstens\\, zwei\\;tens\\nneue Zei",
        "\tle \\\\",
        "COMMENT:und noch",
    )
    read = answer.read(data)
    assert read.attendees == (answer.Attendee("anna@x.example", "Müller; Anna, M. A.", "ACCEPTED"),)
    assert read.comment == "Erstens, zwei;tens\nneue Zeile \\\nund noch"


def test_note_google_puts_beside_an_answer_is_a_comment_unless_there_is_one() -> None:
    beside = 'ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT="Bin im Urlaub; bis bald":mailto:anna@x.example'

    assert answer.read(event(beside)).comment == "Bin im Urlaub; bis bald"
    assert answer.read(event(beside, "COMMENT:Leider krank")).comment == "Leider krank"
    assert answer.read(event(beside, "ATTENDEE:mailto:b@x.example")).comment == ""


def test_codec_that_is_no_charset_of_mail_is_not_asked() -> None:
    text = "x-" + "a" * 100_000

    assert lines.text_of(text.encode(), "PUNYCODE") == text


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "latin-1", "gibt-es-nicht", ""])
def test_charsets(charset: str) -> None:
    known = charset if charset in {"utf-16", "latin-1"} else "utf-8"
    assert answer.read(event("COMMENT:Grüße").decode().encode(known), charset=charset).comment == "Grüße"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART:20270211T090000Z", dt.datetime(2027, 2, 11, 9, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20270711T090000", dt.datetime(2027, 7, 11, 7, tzinfo=UTC)),
        ("DTSTART;TZID=W. Europe Standard Time:20270211T090000", dt.datetime(2027, 2, 11, 8, tzinfo=UTC)),
        ("DTSTART;TZID=Meine Zone:20270211T090000", dt.datetime(2027, 2, 11, 8, tzinfo=UTC)),
        ("DTSTART;TZID=../../etc/passwd:20270211T090000", dt.datetime(2027, 2, 11, 8, tzinfo=UTC)),
        ("DTSTART;VALUE=DATE:20270211", dt.datetime(2027, 2, 10, 23, tzinfo=UTC)),
        ("DTSTART:00010101T000000Z", None),
        ("DTSTART:99991231T235959Z", None),
        ("DTSTART:20270231T000000Z", None),
        ("DTSTART:bald", None),
    ],
)
def test_moments(line: str, expected: dt.datetime | None) -> None:
    assert moments.moment(lines.read(line)) == expected


def test_end_by_duration() -> None:
    read = answer.read(event("DTSTART:20270211T090000Z", "DURATION:PT1H30M"))
    assert read.end == dt.datetime(2027, 2, 11, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "number"), [("7", 7), ("-1", 0), ("x", 0), ("", 0), ("9" * 12, 2**31 - 1), ("²", 0), ("9" * 40, 0)]
)
def test_sequence(said: str, number: int) -> None:
    assert answer.read(event(f"SEQUENCE:{said}")).sequence == number


def test_several_events_and_calendars() -> None:
    two = event("UID:1").replace(b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\n")
    with pytest.raises(answer.SeveralEvents):
        answer.read(two)
    with pytest.raises(answer.SeveralEvents):
        answer.read(event("UID:1") + event("UID:1"))
    series = event("UID:1").replace(b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n")
    assert answer.read(series).is_recurring


@pytest.mark.parametrize("data", [b"", b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VTODO\nEND:VTODO", b"x" * 99])
def test_unreadable(data: bytes) -> None:
    with pytest.raises(lines.CalendarUnreadable):
        answer.read(data)


def test_traps_take_no_time() -> None:
    """Rules without an end, quotes without an end, folds without an end: nothing is worked out, nothing is tried twice."""
    traps = [
        event("RRULE:FREQ=SECONDLY", "DTSTART;TZID=Falle:20270101T000000"),
        event("ATTENDEE;CN=" + '"' * 19_000),
        event("ATTENDEE" + ";A=" * 9_000 + "x"),
        event("COMMENT:" + "\\" * 19_000),
        event("BEGIN:VALARM", "REPEAT:2147483647", "DURATION:PT1S", "END:VALARM"),
        event(*["X:" + "y" * 50] * 10_000),
    ]
    for trap in traps:
        began = time.process_time()
        answer.read(trap)
        assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MAILTO:Susanne@Verein.Example", "susanne@verein.example"),
        ("mailto:susanne%2Bx@verein.example?subject=a", "susanne+x@verein.example"),
        (" <susanne@müller.example> ", "susanne@xn--mller-kva.example"),
        ("susanne@verein.example.", "susanne@verein.example"),
        ("susanne", ""),
        ("a b@x.example", ""),
        ("mailto:", ""),
        ("x@" + "y" * 260, ""),
        ("x@\u200d.example", ""),
    ],
)
def test_comparable_addresses(one: str, other: str) -> None:
    assert addresses.comparable(one) == other


def test_one_mailbox() -> None:
    assert addresses.is_one_mailbox("a+b@x.example", "a@x.example")
    assert not addresses.is_one_mailbox("ab@x.example", "a@x.example")
    assert not addresses.is_one_mailbox("", "")


OURS = mail_programs.OUR_SERVER
PASS = f"{OURS}; spf=pass smtp.mailfrom=x; dmarc=pass (p=none dis=none) header.from=verein.example"


@pytest.mark.parametrize(
    ("results", "proven"),
    [
        ([PASS], True),
        ([PASS.upper().replace("PASS", "pass")], True),
        ([f"{OURS} 1; dmarc=pass"], True),
        ([f"{OURS}; dkim=pass header.d=verein.example", PASS], True),
        ([f"{OURS}; dmarc=fail header.from=verein.example", PASS], False),  # the second is a stranger's
        ([f"{OURS}; dmarc=none header.from=verein.example"], False),
        ([f"{OURS}; dmarc=pass header.from=anders.example"], False),
        ([f"{OURS}; dkim=pass header.d=verein.example"], False),
        (["mx.anders.example; dmarc=pass header.from=verein.example"], False),
        ([f"{OURS}.anders.example; dmarc=pass header.from=verein.example"], False),
        ([f"{OURS}; dmarc=(((pass", PASS], False),
        ([""], False),
        ([], False),
    ],
)
def test_only_our_server_proves_a_sender(results: list[str], *, proven: bool) -> None:
    assert origin.is_proven(results, server=OURS, sender="susanne@verein.example") is proven
    assert not origin.is_proven(results, server="", sender="susanne@verein.example")
    assert not origin.is_proven(results, server=OURS, sender="")
