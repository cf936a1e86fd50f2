"""What tasks ask of the Fachstelle: those over their date, those that are stuck, orphaned, or to be asked by telephone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Person
from meetings.domain import task_heirs, task_reminders
from meetings.models import ActionItem, Meeting
from notifications.domain.desk_line import Line, addressed, href, named

#: So many of a kind are named one by one.
_MOST = 5


def tasks(*, at: dt.datetime, next_meeting: Meeting | None) -> Iterator[Line]:
    """Past their date as one line, since they were reminded; the others one by one."""
    yield from _late(local_date(at), next_meeting)
    yield from _blocked()
    yield from _orphaned(at)
    yield from _to_ring_up(at)


def _late(today: dt.date, next_meeting: Meeting | None) -> Iterator[Line]:
    overdue = ActionItem.objects.overdue(today).filter(is_blocked=False)
    known = task_reminders.known(ActionItem.objects.all())
    figures = overdue.aggregate(late=Count("pk"), reminded=Count("pk", filter=Q(pk__in=known.values("pk"))))
    number, untold = figures["late"], figures["late"] - figures["reminded"]
    if number:
        words = ngettext("%(n)s Auftrag über dem Datum", "%(n)s Aufträge über dem Datum", number)
        reminded = _("Zweimal wurde erinnert, mehr Mails kommen nicht. Bitte rufen Sie an.")
        silent = ngettext(
            "%(n)s davon steht in einem Protokoll, das noch nicht verschickt ist: Daran wurde nicht erinnert.",
            "%(n)s davon stehen in einem Protokoll, das noch nicht verschickt ist: Daran wurde nicht erinnert.",
            untold,
        )
        if untold == number:
            silent = _("Das Protokoll dazu ist noch nicht verschickt. Erinnert wurde noch niemand.")
        why = [reminded if untold < number else "", silent % {"n": untold} if untold else ""]
        yield Line(
            title=words % {"n": number},
            why=" ".join(part for part in why if part),
            due=local_date(next_meeting.start) if next_meeting else None,
            href=href("meetings:tasks", query="?stand=ueberfaellig"),
            action=_("Aufträge ansehen"),
            can_wait=True,
        )


def _blocked() -> Iterator[Line]:
    """The owner said that it cannot be done."""
    blocked = ActionItem.objects.open().filter(is_blocked=True).select_related("owner", "alliance")
    shown = ("task", "report", "due_on", *named("alliance"), *addressed("owner"))
    for task in blocked.only(*shown).order_by("due_on", "pk")[:_MOST]:
        yield Line(
            title=_("Auftrag kommt nicht voran: %s") % task.task,
            why=f"{task.owner.formal_name}: „{task.report}“" if task.report else task.owner.formal_name,
            due=task.due_on,
            href=href("meetings:task", task.pk),
            action=_("Auftrag ansehen"),
            bodies=(task.alliance,),
        )


def _orphaned(at: dt.datetime) -> Iterator[Line]:
    """The owner has left: one tap gives the task to who came after."""
    rows = task_heirs.marked(ActionItem.objects.filter(task_heirs.is_orphan(at=at)), at=at)
    rows = rows.select_related("owner", "alliance")
    for orphan in task_heirs.of(rows.order_by("due_on", "pk")[:_MOST], at=at).values():
        task, heir = orphan.action, orphan.heir
        said = _("%s ist nicht mehr dabei.") % task.owner.formal_name
        if heir is None:
            why, action, post = _("%s Bitte wählen Sie, wer übernimmt.") % said, _("Auftrag ansehen"), {}
        else:
            names = {"said": said, "name": heir.full_name, "organisation": heir.organisation.short_name}
            why = _("%(said)s Vorschlag: %(name)s (%(organisation)s).") % names
            action, post = _("An %s übergeben") % heir.formal_object, {"to": str(heir.pk), "version": str(task.version)}
        yield Line(
            title=_("Auftrag ohne Zuständige: %s") % task.task,
            why=why,
            due=task.due_on,
            href=href("meetings:task", task.pk),
            action=action,
            bodies=(task.alliance,),
            post_to=href("meetings:task_hand_over", task.pk) if post else "",
            post=post,
        )


def _to_ring_up(at: dt.datetime) -> Iterator[Line]:
    """Who reads no mail gets no reminder: a line a person, from the day of the first reminder until they say how it stands."""
    rows = ActionItem.objects.open().filter(is_blocked=False, due_on__lte=local_date(at) + task_reminders.ahead())
    rows = rows.exclude(task_heirs.is_orphan(at=at))  # told above
    rows = rows.exclude(owner__in=Person.objects.reachable_by_mail())
    found: dict[Person, list[ActionItem]] = defaultdict(list)
    for task in task_reminders.known(rows).select_related("owner", "alliance").order_by("due_on", "pk"):
        if not task_reminders.has_said(task):
            found[task.owner].append(task)
    for owner, waiting in found.items():
        first = waiting[0]
        what = [_("„%(task)s“ bis %(day)s") % {"task": t.task, "day": german.day_and_month(t.due_on)} for t in waiting]
        way = _("Telefon %s") % owner.phone if owner.phone else _("Keine Telefonnummer eingetragen")
        yield Line(
            title=_("Bitte anrufen: %s") % owner.formal_name,
            why=_("%(what)s. Keine E-Mail. %(way)s.") % {"what": german.listing(what), "way": way},
            due=first.due_on,
            href=href("meetings:task", first.pk),
            action=_("Antwort eintragen"),
            bodies=(first.alliance,),
        )
