"""What the search found, as HTML."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from meetings.domain.search_words import Piece

register = template.Library()


@register.filter
def pieces(found: Iterable[Piece]) -> SafeString:
    """The pieces in a row, hits as `<mark>`."""
    drawn = [format_html("<mark>{}</mark>" if piece.is_hit else "{}", piece.text) for piece in found]
    return mark_safe("".join(drawn))  # noqa: S308 -- built of escaped parts
