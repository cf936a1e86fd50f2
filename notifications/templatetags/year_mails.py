"""The mails of a confirmed year, for its page: how far they are, and the way back."""

from __future__ import annotations

from typing import Any

from django import template

from notifications.domain import year_telling

register = template.Library()


@register.inclusion_tag("notifications/parts/year_mails.html", takes_context=True)
def year_mails(context: template.Context, year: int) -> dict[str, Any]:
    """Nothing where the year was never confirmed."""
    return {"telling": year_telling.telling(year), "year": year, "csrf_token": context.get("csrf_token")}
