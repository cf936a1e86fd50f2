"""Doorbells of the workers: what is to be done lies in the database, a lost ring only costs the next one's seconds."""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)


def ring(task: str, *args: Any, expires: int) -> None:
    """Call a worker, best effort, so that nobody waits in front of a page. `expires` in seconds."""
    if not settings.REDIS_URL:
        return
    try:
        with current_app.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
            current_app.send_task(task, args, expires=expires, retry=False, connection=connection)
    except Exception as error:  # noqa: BLE001 -- whatever the broker's client raises: what is to be done is stored
        logger.warning("the worker was not woken: %s", error)
