from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from notifications.imip.event import AddressRefused, EventRefused, Party
from tests.notifications.imip import samples

START = samples.EVENT.start


@pytest.mark.parametrize(
    "address", ["info@verein.example", "a.b+c_d@sub.verein-1.example", "o'neil@verein.example", "root@localhost"]
)
def test_address_is_taken(address: str) -> None:
    assert Party(address).address == address


def test_international_domain_is_kept_in_ascii() -> None:
    assert Party("info@müller.example").address == "info@xn--mller-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "verein.example",
        "a@b@verein.example",
        "a b@verein.example",
        "a@verein.example\r\nBcc: x@y.example",
        "Name <a@verein.example>",
        "mailto:a@verein.example",
        "a,b@verein.example",
        "jürgen@verein.example",
        "info@straße.example",
        "info@" + "ä" * 80 + ".example",
        "info@.example",
        "info@" + "a" * 250 + ".example",
    ],
)
def test_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        Party(address)


def test_moments_are_kept_as_whole_seconds_in_utc() -> None:
    start = datetime(2026, 12, 3, 15, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))

    assert samples.event(start=start).start == datetime(2026, 12, 3, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": datetime(2026, 12, 3, 15, 0)},  # noqa: DTZ001 -- the missing zone is what is refused
        {"end": START},
        {"end": START - timedelta(hours=1)},
        {"sequence": -1},
        {"sequence": 2**31},
        {"uid": "no at sign"},
        {"uid": "größe@kreis.example"},
        {"uid": "a@kreis.example\r\nX:y"},
        {"url": "javascript:alert(1)"},
        {"url": "https://kreis.example/\r\nX:y"},
        {"conference": "video.example/raum"},
    ],
)
def test_event_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(EventRefused):
        samples.event(**changes)
