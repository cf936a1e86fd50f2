"""The scene of the relays."""

from __future__ import annotations

import pytest

from tests.support.relay_scene import Scene, set_scene


@pytest.fixture
def scene() -> Scene:
    return set_scene()
