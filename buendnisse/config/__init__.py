"""The roof: the only place that knows all apps. Loading it makes the Celery app available to `@shared_task`."""

from buendnisse.config.celery import app as celery_app

__all__ = ["celery_app"]
