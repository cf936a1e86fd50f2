"""Two addresses for whoever watches the installation. They name states only, never data."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from buendnisse.config import broker, databases


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing of anybody else, so that a slow database does not get it killed."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Pages can be served: 200, else 503.

    The broker is named but does not decide: without it pages work, and what is due goes out once it is back.
    """
    database = "ready" if _database_is_ready() else "away"
    state = {
        "status": "ready" if database == "ready" else "not ready",
        "database": database,
        "broker": "ready" if settings.REDIS_URL and broker.answers(settings.REDIS_URL) else "away",
    }
    return JsonResponse(state, status=200 if database == "ready" else 503)


def _database_is_ready() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _is_migrated()
    except (DatabaseError, databases.NewerDatabase, NotMigrated):
        return False


class NotMigrated(Exception):
    """Migrations are pending."""


@cache
def _is_migrated() -> bool:
    """Looked at until it is so, then not again in this process: only a new version changes it."""
    if databases.pending():
        raise NotMigrated
    return True
