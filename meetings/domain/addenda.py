"""Dated corrections of approved minutes. Their text stays as it is."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain.minutes_journal import NotYet, WordsMissing, record
from meetings.enums import Happened, MinutesState
from meetings.models import Addendum, AgendaItem, Minutes


def amend(
    minutes: Minutes,
    *,
    by: Person,
    text: str,
    at: dt.datetime,
    agenda_item: AgendaItem | None = None,
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
) -> Addendum:
    """Add a dated correction to approved minutes. Their text stays as it is.

    The same `form_key` again gives the same correction: a double tap is one. Raises NotYet, WordsMissing.
    """
    if not text.strip():
        raise WordsMissing(_("Bitte schreiben Sie, was berichtigt wird."))
    if minutes.state != MinutesState.APPROVED:
        raise NotYet(_("Das Protokoll ist noch nicht genehmigt. Ändern Sie es über einen Einwand."))
    with transaction.atomic():
        addendum, made = Addendum.objects.get_or_create(
            form_key=form_key or uuid.uuid4(),
            defaults={
                "minutes": minutes,
                "dated": local_date(at),
                "by": by,
                "agenda_item": agenda_item,
                "text": text.strip(),
            },
        )
        if made:
            record(Happened.MINUTES_AMENDED, minutes, by=by, at=at, via=via, data={"addendum": addendum.pk})
    return addendum
