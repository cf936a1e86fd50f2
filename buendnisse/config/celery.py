"""The Celery app. Every task is idempotent: it may run twice after a worker died."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buendnisse.config.settings")

app = Celery("buendnisse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
