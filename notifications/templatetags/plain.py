"""What plain-text letters need."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def underlined(heading: str) -> str:
    """A heading and a line of hyphens under it."""
    return f"{heading}\n{'-' * len(heading)}"
