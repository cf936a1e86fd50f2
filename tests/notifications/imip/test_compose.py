import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from notifications.imip import compose
from notifications.imip.event import Event, Party
from notifications.imip.text import one_line, paragraphs
from tests.groups import require
from tests.notifications.imip import samples
from tests.support import libical

SNAPSHOTS = Path(__file__).parent / "snapshots"
MOVED = samples.event(
    sequence=1,
    stamp=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    start=datetime(2027, 6, 10, 13, 0, tzinfo=UTC),
    end=datetime(2027, 6, 10, 15, 0, tzinfo=UTC),
)
MESSAGES = {
    "request": compose.request(samples.event()),
    "request_online": compose.request(samples.event(conference="https://video.example/arbeit")),
    "request_answered": compose.request(samples.event(partstat="ACCEPTED", role="OPT-PARTICIPANT")),
    "update": compose.request(MOVED),
    "cancel": compose.cancel(samples.event(sequence=1), whole=True),
    "uninvite": compose.cancel(samples.event(sequence=1), whole=False),
}

texts = st.text(max_size=300)
# Backslashes, separators and line ends in every mixture: where escaping goes wrong.
tricky = st.text(alphabet=';,:\\nN"^\n\r\x0b\x00 ßä😀', max_size=120)
moments = st.integers(0, 70 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    start = draw(moments)
    return samples.event(
        sequence=draw(st.integers(0, 2**31 - 1)),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 600))),
        summary=draw(texts | tricky),
        location=draw(texts | tricky),
        description=draw(texts | tricky),
        url="https://kreis.example/" + draw(st.text(alphabet="abc/0?=&", max_size=200)),
        attendee=Party("h.arslan@besuchsdienst.example", draw(texts | tricky)),
        partstat=draw(st.sampled_from(("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"))),
    )


@st.composite
def messages(draw: st.DrawFn) -> tuple[Event, bytes]:
    event = draw(events())
    form = draw(st.sampled_from(("request", "cancel", "uninvite")))
    if form == "request":
        return event, compose.request(event)
    return event, compose.cancel(event, whole=form == "cancel")


def unfolded(calendar: bytes) -> list[str]:
    return calendar.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def value(calendar: bytes, name: str) -> str:
    """The TEXT of the one property `name`, its escapes undone in one pass (RFC 5545 section 3.3.11); "" without it."""
    line = "\0".join(line for line in unfolded(calendar) if line.startswith(name + ":"))
    plain = re.compile(r"\\(.)")
    return plain.sub(lambda found: "\n" if found[1] in "nN" else found[1], line.removeprefix(name + ":"))


def vevent(calendar: bytes) -> Component:
    (found,) = Calendar.from_ical(calendar).walk("VEVENT")
    return found


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_message_is_its_snapshot(name: str) -> None:
    assert MESSAGES[name].decode() == (SNAPSHOTS / f"{name}.ics").read_bytes().decode()


@pytest.fixture
def libical_faults() -> Callable[[bytes], list[str]]:
    require("libical")
    return libical.faults


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_message_satisfies_libical(name: str, libical_faults: Callable[[bytes], list[str]]) -> None:
    assert libical_faults(MESSAGES[name]) == []


def test_empty_text_is_left_out() -> None:
    lines = unfolded(compose.request(samples.event(location="")))

    assert [line for line in lines if line.startswith("LOCATION") or line.endswith(":")] == []


@pytest.mark.parametrize("needed", ["DTSTAMP", "UID", "ORGANIZER", "ATTENDEE"])
def test_libical_misses_what_is_needed(needed: str, libical_faults: Callable[[bytes], list[str]]) -> None:
    lines = unfolded(MESSAGES["request"])
    broken = "\r\n".join([line for line in lines if not line.startswith(needed)] + [""])

    assert len(libical_faults(broken.encode())) == 1


@given(messages())
def test_wire_has_short_lines_crlf_and_no_control_characters(made: tuple[Event, bytes]) -> None:
    _, calendar = made

    lines = calendar.split(b"\r\n")

    assert [line for line in lines if len(line) > 75] == []
    assert lines.count(b"") == 1
    assert lines[-1] == b""
    assert re.findall(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(lines)) == []
    for line in lines:
        line.decode()  # a fold inside a character would raise


@given(messages())
def test_texts_come_back_as_written(made: tuple[Event, bytes]) -> None:
    event, calendar = made

    assert value(calendar, "SUMMARY") == one_line(event.summary)
    assert value(calendar, "LOCATION") == paragraphs(event.location)
    assert value(calendar, "DESCRIPTION") == paragraphs(event.description)


@given(messages())
def test_icalendar_reads_back_texts_and_times(made: tuple[Event, bytes]) -> None:
    event, calendar = made
    # icalendar's reader takes the two characters \n, written \\n, for a line break; the test above covers them.
    assume("\\" not in event.summary + event.location + event.description)

    read = vevent(calendar)

    assert str(read.get("SUMMARY", "")) == one_line(event.summary)
    assert str(read.get("LOCATION", "")) == paragraphs(event.location)
    assert str(read.get("DESCRIPTION", "")) == paragraphs(event.description)
    assert read["SEQUENCE"] == event.sequence
    assert read["DTSTART"].dt.astimezone(UTC) == event.start
    assert read["DTEND"].dt.astimezone(UTC) == event.end
    assert read.errors == []


@given(messages())
def test_names_cannot_add_lines_or_parameters(made: tuple[Event, bytes]) -> None:
    event, calendar = made

    attendee = vevent(calendar)["ATTENDEE"]

    assert attendee.params.get("CN", "") == one_line(event.attendee.name).translate({ord('"'): "'", ord("\\"): "/"})
    assert set(attendee.params) - {"CN", "RSVP"} == {"CUTYPE", "ROLE", "PARTSTAT"}
    assert str(attendee) == "mailto:h.arslan@besuchsdienst.example"


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_message_has_one_zone_one_event_one_attendee(name: str) -> None:
    calendar = Calendar.from_ical(MESSAGES[name])

    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert len(calendar.walk("DAYLIGHT")) == len(calendar.walk("STANDARD")) == 1
    assert len([line for line in unfolded(MESSAGES[name]) if line.startswith("ATTENDEE;")]) == 1
    assert calendar.walk("VALARM") == []


def test_whole_cancel_says_cancelled() -> None:
    assert vevent(MESSAGES["cancel"])["STATUS"] == "CANCELLED"


def test_uninviting_one_says_nothing_of_status() -> None:
    assert vevent(MESSAGES["uninvite"]).get("STATUS") is None


def test_cancel_asks_for_no_answer() -> None:
    assert vevent(MESSAGES["cancel"])["ATTENDEE"].params.get("RSVP") is None


def test_second_occurrence_of_the_october_hour_is_utc() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    lines = unfolded(compose.request(samples.event(start=start, end=start + timedelta(hours=1))))

    assert [line for line in lines if line.startswith("DTSTART:2")] == ["DTSTART:20261025T013000Z"]
    assert [line for line in lines if line.startswith("DTEND")] == ["DTEND;TZID=Europe/Berlin:20261025T033000"]


def test_address_with_uri_characters_is_encoded() -> None:
    attendee = Party("a&b?c%d#e@verein.example")

    assert (
        vevent(compose.request(samples.event(attendee=attendee)))["ATTENDEE"]
        == "mailto:a%26b%3Fc%25d%23e@verein.example"
    )


def test_backslash_before_capital_n_stays() -> None:
    assert value(compose.request(samples.event(summary=r"C:\Neu")), "SUMMARY") == r"C:\Neu"
