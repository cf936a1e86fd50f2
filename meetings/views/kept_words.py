"""What was typed for minutes that are to be sent, until they are: whoever goes back, or is refused, finds it again."""

from __future__ import annotations

from django.http import HttpRequest

_NAMES = ("introduction", "reason")


def keep(request: HttpRequest, slug: str) -> None:
    """In the session: words stay out of addresses, and so out of logs."""
    request.session[_key(slug)] = {name: request.POST.get(name, "") for name in _NAMES}


def of(request: HttpRequest, slug: str) -> dict[str, str]:
    """By the name of its field; empty where nothing was kept."""
    kept: dict[str, str] = request.session.get(_key(slug), {})
    return kept


def forget(request: HttpRequest, slug: str) -> None:
    request.session.pop(_key(slug), None)


def _key(slug: str) -> str:
    return f"minutes_words:{slug}"
