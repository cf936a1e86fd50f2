"""Our content lines beside those of icalendar, which has met more calendars than we have."""

from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline, Parameters

from notifications.imip import content
from notifications.imip.text import one_line, paragraphs

# Letters of one to four octets, and all that separates, escapes or quotes.
values = st.text(alphabet="ab \\^;,:'’\näß€😀", max_size=400)


class _Raw(str):
    __slots__ = ()

    def to_ical(self) -> bytes:
        return self.encode()


@given(value=values)
def test_line_is_folded_as_icalendar_folds_it(value: str) -> None:
    value = content.text(paragraphs(value))

    assert content.line("SUMMARY", value) == Contentline(f"SUMMARY:{value}").to_ical() + b"\r\n"


@given(name=values)
def test_parameters_are_quoted_as_icalendar_quotes_them(name: str) -> None:
    name = one_line(name)
    params = Parameters({"CN": name, "RSVP": "TRUE"})
    expected = Contentline.from_parts("ATTENDEE", params, _Raw("mailto:a@b.example"), sorted=False)

    assert content.line("ATTENDEE", "mailto:a@b.example", CN=name, RSVP="TRUE") == expected.to_ical() + b"\r\n"


def test_fold_leaves_escapes_whole() -> None:
    assert content.fold(b"X:" + b"a" * 71 + b"\\n" + b"b") == b"X:" + b"a" * 71 + b"\r\n \\nb"
