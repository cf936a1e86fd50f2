"""The settings of an installation whose beat rings each second: what waits for the next ring need not wait for long."""

from buendnisse.config.settings import *  # noqa: F403
from buendnisse.config.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE["ring"]["schedule"] = 1.0
