"""A meeting of Arbeit in March with its frame, and the clock of the world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buendnisse import clock
from meetings.models import Meeting
from tests import world
from tests.meetings.march import march_of_arbeit
from tests.world import AT, World


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def march(cast: World) -> Meeting:
    return march_of_arbeit(cast)


@pytest.fixture
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield
