"""What the post asks of the Fachstelle: mail that failed or went astray, mail held back, reports of barriers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import german
from buendnisse.models import BarrierReport, Change, Person
from notifications.domain import mail_room, tray
from notifications.domain.desk_line import Line, href
from notifications.enums import OutboxState

#: How long a mail that reached the wrong person stays on the desk.
_ASTRAY_FOR = dt.timedelta(days=14)


def failed() -> Iterator[Line]:
    """Mail nobody got, and mail somebody held back."""
    numbers = mail_room.counts()
    if number := numbers[OutboxState.FAILED]:
        words = ngettext("%(n)s Mail kam nicht an", "%(n)s Mails kamen nicht an", number)
        [first] = mail_room.bundles(OutboxState.FAILED, filters=mail_room.Filters(), limit=1)
        name = first.person.full_name if first.person else ""
        yield Line(
            title=words % {"n": number},
            why=f"{name}: {first.failure}",
            href=href("notifications:outbox", query="?stand=failed"),
            action=_("Postausgang ansehen"),
            is_urgent=True,
        )
    if number := numbers[OutboxState.STOPPED]:
        words = ngettext("%(n)s Mail ist angehalten", "%(n)s Mails sind angehalten", number)
        yield Line(
            title=words % {"n": number},
            href=href("notifications:outbox", query="?stand=stopped"),
            action=_("Postausgang ansehen"),
        )


def arrived() -> Iterator[Line]:
    """Mail that came in and waits for somebody."""
    if not (rows := tray.waiting()):
        return
    first, number = rows[0], len(rows)
    words = ngettext("%(n)s Mail ist zu klären", "%(n)s Mails sind zu klären", number)
    yield Line(
        title=words % {"n": number},
        why=": ".join(filter(None, [first.who, first.get_reason_display()])),
        href=href("notifications:inbox"),
        action=_("Posteingang ansehen"),
        is_urgent=True,
    )


def astray(*, at: dt.datetime) -> Iterator[Line]:
    """ "Diese Mail war nicht für mich": the address must be checked."""
    changes = Change.objects.filter(verb="person.mail_went_astray", at__gt=at - _ASTRAY_FOR, at__lte=at)
    numbers = list(changes.order_by("-at").values_list("subject_id", "at")[:5])
    people = Person.objects.in_bulk({number for number, _at in numbers})
    for number, when in dict(numbers).items():
        if person := people.get(number):
            yield Line(
                title=_("Adresse von %s prüfen") % person.full_name,
                why=_("Am %s meldete jemand: Diese Mail war nicht für mich.") % german.day_and_month(when),
                href=href("buendnisse:people"),
                action=_("Personen ansehen"),
                is_urgent=True,
            )


def barriers() -> Iterator[Line]:
    """Reports of what somebody could not use. They are to be answered in time (§ 9b NBGG)."""
    for report in BarrierReport.objects.open()[:5]:
        yield Line(
            title=_("Gemeldete Barriere beantworten"),
            why=_("Am %(day)s: „%(text)s“")
            % {"day": german.day_and_month(report.reported_at), "text": report.text[:120]},
            href=href("buendnisse:administration"),
            action=_("Meldung ansehen"),
            is_urgent=True,
        )
