from datetime import timedelta
from typing import Any

import pytest

from notifications.imip import rules
from notifications.imip.compose import Method
from notifications.imip.event import Partstat, Party
from tests.notifications.imip import samples

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": samples.EVENT.start - HOUR},
        {"end": samples.EVENT.end + HOUR},
        {"location": "Rathaus"},
        {"status": "TENTATIVE"},
    ],
)
def test_change_that_asks_anew_is_material(changes: dict[str, Any]) -> None:
    assert rules.is_material(samples.event(), samples.event(**changes)) is True


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"summary": "Arbeit: vierte Sitzung"},
        {"description": "Die Tagesordnung steht."},
        {"url": "https://kreis.example/sitzungen/13/"},
        {"conference": "https://video.example/arbeit"},
        {"location": samples.EVENT.location.replace(", ", ",  ")},
        {"attendee": Party(samples.MEMBER.address, "H. Arslan")},
        {"stamp": samples.EVENT.stamp + HOUR},
        {"partstat": "ACCEPTED"},
    ],
)
def test_correction_is_not_material(changes: dict[str, Any]) -> None:
    assert rules.is_material(samples.event(), samples.event(**changes)) is False


@pytest.mark.parametrize(
    ("last", "last_method", "method", "material", "expected"),
    [
        (None, "REQUEST", "REQUEST", False, 0),
        (None, "REQUEST", "REQUEST", True, 0),
        (0, "REQUEST", "REQUEST", False, 0),
        (0, "REQUEST", "REQUEST", True, 1),
        (4, "REQUEST", "CANCEL", False, 5),
        (5, "CANCEL", "REQUEST", False, 6),
        (5, "CANCEL", "CANCEL", False, 6),
        (5, "CANCEL", "REQUEST", True, 6),
    ],
)
def test_next_sequence(*, last: int | None, last_method: Method, method: Method, material: bool, expected: int) -> None:
    assert rules.next_sequence(last, method=method, last_method=last_method, material=material) == expected


@pytest.mark.parametrize(
    ("answer", "answered_sequence", "sequence", "expected"),
    [
        ("NEEDS-ACTION", None, 0, "NEEDS-ACTION"),
        ("ACCEPTED", None, 0, "NEEDS-ACTION"),
        ("ACCEPTED", 0, 0, "ACCEPTED"),
        ("DECLINED", 2, 2, "DECLINED"),
        ("ACCEPTED", 0, 1, "NEEDS-ACTION"),
    ],
)
def test_next_partstat(answer: Partstat, answered_sequence: int | None, sequence: int, expected: object) -> None:
    assert rules.next_partstat(answer, answered_sequence=answered_sequence, sequence=sequence) == expected
