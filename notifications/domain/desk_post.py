"""What the post asks of the Fachstelle: mail that failed or went astray, mail held back, reports of barriers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import clock, german
from buendnisse.models import BarrierReport, Change, Person
from notifications.domain import failures, mail_room, mailbox, returned, tray
from notifications.domain.desk_line import Line, href
from notifications.enums import OutboxState
from notifications.models import MailboxState, OutboxMessage
from notifications.transport import imap

#: How long a mail that reached the wrong person stays on the desk.
_ASTRAY_FOR = dt.timedelta(days=14)
_STUCK_AFTER = dt.timedelta(hours=1)


def failed() -> Iterator[Line]:
    """Mail nobody got, and mail somebody held back. What came back and waits for somebody is told by `returned_mail`."""
    numbers = mail_room.counts()
    lost = mail_room.lost() if numbers[OutboxState.FAILED] else []
    if number := len(lost):
        words = ngettext("%(n)s Mail kam nicht an", "%(n)s Mails kamen nicht an", number)
        yield Line(
            title=words % {"n": number},
            why=f"{lost[0].person.full_name}: {failures.in_short(lost[0].failure)}",
            href=href("notifications:outbox", query="?stand=failed"),
            action=_("Postausgang ansehen"),
            is_urgent=True,
        )
    if number := numbers[OutboxState.STOPPED] and mail_room.stopped_by_hand():
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


def stuck(*, at: dt.datetime) -> Iterator[Line]:
    """The relay has not taken mail for an hour: nobody notices otherwise, since it goes on trying for three days."""
    rows = OutboxMessage.objects.filter(state=OutboxState.WAITING, tried_since__lt=at - _STUCK_AFTER)
    found = rows.aggregate(number=Count("pk"), since=Min("tried_since"), why=Max("failure"))
    if number := found["number"]:
        words = ngettext("%(n)s Mail geht nicht hinaus", "%(n)s Mails gehen nicht hinaus", number)
        since = _("Seit %(day)s, %(hour)s. Wir versuchen es weiter. %(why)s")
        facts = {"day": german.day_and_month(found["since"]), "hour": german.hour(found["since"]), "why": found["why"]}
        yield Line(
            title=words % {"n": number},
            why=since % facts,
            href=href("notifications:outbox", query="?stand=waiting"),
            action=_("Postausgang ansehen"),
            is_urgent=True,
        )


def returned_mail() -> Iterator[Line]:
    """Mail that came back: whom to call, what to tell the IT, with whom to talk."""
    found, page = returned.troubles(), href("notifications:returned")
    for one in found.mailboxes[:1]:
        why = _("Was wir an %(address)s weitergeben, kommt zurück. Die Mails selbst stehen im Posteingang.")
        yield Line(
            title=_("Ihr Postfach nimmt keine Mail an"),
            why=why % {"address": one.last.address},
            href=page,
            action=_("Ansehen"),
            is_urgent=True,
        )
    for one in found.addresses[:5]:
        waits = ngettext("%(n)s Mail wartet.", "%(n)s Mails warten.", one.waiting) % {"n": one.waiting}
        why = _("Die Adresse %(address)s nimmt keine Mail an.") % {"address": one.last.address}
        yield Line(
            title=_("Mails an %s kommen zurück") % one.person.full_name,
            why=f"{why} {waits}" if one.waiting else why,
            href=f"{page}#person-{one.person.pk}",
            action=_("Adresse prüfen"),
            is_urgent=True,
        )
    for one in found.policy[:3]:
        yield Line(
            title=_("%s weist unsere Mails ab") % one.domain,
            why=_("Das liegt nicht an den Personen. Bitte geben Sie die Meldung an die IT weiter."),
            href=page,
            action=_("Meldung ansehen"),
            is_urgent=True,
        )
    for one in found.complaints[:3]:
        yield Line(
            title=_("%s hat eine Mail als Spam gemeldet") % one.person.full_name,
            why=_("Der Wochenbrief ist abbestellt. Einladungen gehen weiter."),
            href=page,
            action=_("Ansehen"),
        )
    for one in found.copies[:3]:
        yield Line(
            title=_("Kopien an %s kommen zurück") % one.last.address,
            why=_("Sie sind eingestellt. Für %s ändert sich nichts.") % one.person.full_name,
            href=page,
            action=_("Ansehen"),
        )


def mailbox_down() -> Iterator[Line]:
    """Answers from calendars wait unread, and nobody would know. By the machine's clock."""
    state = MailboxState.objects.filter(pk=1).first() if imap.is_configured() else None
    if state is None:
        return
    is_down = state.failure and (state.read_at is None or state.read_at < clock.real_now() - _STUCK_AFTER)
    if is_down:
        yield Line(
            title=_("Das Postfach lässt sich nicht lesen"),
            why=_("Antworten aus Kalendern kommen gerade nicht an. Bitte sagen Sie der IT: %s") % state.failure,
            is_urgent=True,
        )
    if state.unreadable:
        words = ngettext("%(n)s Mail war nicht lesbar", "%(n)s Mails waren nicht lesbar", state.unreadable)
        where = ngettext(
            "Im Postfach liegt sie im Ordner „%s“. Bitte sehen Sie dort nach.",
            "Im Postfach liegen sie im Ordner „%s“. Bitte sehen Sie dort nach.",
            state.unreadable,
        )
        yield Line(
            title=words % {"n": state.unreadable},
            why=where % mailbox.BROKEN,
            action=_("Erledigt"),
            post_to=href("notifications:mailbox_seen"),
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
                href=href("notifications:person", person.pk),
                action=_("Person ansehen"),
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
