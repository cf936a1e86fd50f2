"""What one mail of calls and reminders asks, and what is left of it where some of it is said elsewhere."""

from __future__ import annotations

import pytest

from notifications.domain import calm_parts
from notifications.domain.draft import Draft
from notifications.enums import MailKind
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def test_what_has_taken_in_another_of_its_matter_is_left_without_it(cast: World) -> None:
    """The late one of a way goes in place of the one before, which another mail has said meanwhile."""
    before, late = (
        calm_parts.ahead(Draft(MailKind.RELAY, cast.susanne, matter="relay:1", data={"relay": 1, "about": about}), AT)
        for about in ("before", "late")
    )
    [both] = calm_parts.combined([before, late])
    assert both.covers == (*before.covers, *late.covers)

    left = calm_parts.without(both, before.covers, ())

    assert left is not None
    assert (left.data, left.covers) == (late.data, late.covers)
