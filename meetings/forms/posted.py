"""What was posted, shown again with some values replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def over(data: Mapping[str, Any], **values: object) -> dict[str, Any]:
    """The posted data with these values; for forms that have no field with several values."""
    return {**{key: data[key] for key in data}, **values}
