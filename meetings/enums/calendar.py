"""What the Fachstelle knows of days that no package knows."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CalendarEntryKind(TextChoices):
    """`SCHOOL_DAY` takes back what the package says: no school holidays on these days; a single one is no public holiday."""

    PUBLIC_HOLIDAY = "public_holiday", _("Feiertag")
    SCHOOL_HOLIDAYS = "school_holidays", _("Schulferien")
    HINT = "hint", _("Hinweis")
    SCHOOL_DAY = "school_day", _("doch kein freier Tag")
