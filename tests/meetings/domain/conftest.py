"""The scene of the relays, and what tests of two people at once need."""

from __future__ import annotations

import pytest

from tests import groups
from tests.support.relay_scene import Scene, set_scene


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def two_writers() -> None:
    """SQLite lets only one in at all."""
    groups.require("postgresql")
