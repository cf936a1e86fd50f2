"""The shape of a table of moves: state → the states it may be followed by."""

from __future__ import annotations

from collections.abc import Mapping

Moves = Mapping[str, frozenset[str]]
