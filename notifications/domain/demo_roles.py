"""A visitor of the demo may be anybody in it. None of this exists anywhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import local_date
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import AccessLink, Alliance, DemoRole, Installation, Person
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import ActionItem, AgendaItem, Meeting, Minutes
from meetings.models.minutes import OUT
from notifications.domain import render, urls_for
from notifications.domain.letter import NothingToSay
from notifications.enums import OutboxState
from notifications.models import OutboxMessage

#: Pages a person could have reached from an earlier mail, in the order they are offered.
_WORDS: dict[LinkPurpose, object] = {
    LinkPurpose.ANSWER: _("Zusagen oder absagen"),
    LinkPurpose.MEETING: _("Sitzung ansehen"),
    LinkPurpose.PROPOSE: _("Ein Thema vorschlagen"),
    LinkPurpose.ITEM: _("Mein Thema ansehen"),
    LinkPurpose.MINUTES: _("Protokoll lesen"),
    LinkPurpose.RELEASE: _("Protokoll freigeben"),
    LinkPurpose.MISSED: _("Was habe ich verpasst?"),
    LinkPurpose.TASK: _("Aufgabe zurückmelden"),
    LinkPurpose.RELAY: _("Weg einer Bitte ansehen"),
    LinkPurpose.REMARK: _("Dazu etwas sagen"),
    LinkPurpose.NOTICE: _("Kurzmeldung schreiben"),
    LinkPurpose.FEED: _("Kalender abonnieren"),
    LinkPurpose.SETTINGS: _("E-Mails einstellen"),
}


@dataclass(frozen=True)
class Page:
    """A personal page: what it does, what it is about, where it is."""

    label: object
    about: str
    path: str


def is_open() -> bool:
    """Both the environment and the database say that this is a demo."""
    return bool(settings.DEMO) and Installation.objects.filter(pk=1, is_demo=True).exists()


def roles() -> list[DemoRole]:
    """Whom a visitor may be, in the order of the data."""
    return list(DemoRole.objects.select_related("person__organisation").order_by("position"))


def person(number: int) -> Person | None:
    """Somebody a visitor may read the mail of: anybody in the demo."""
    found: Person | None = Person.objects.select_related("organisation").filter(pk=number).first()
    return found


def hand_out(person: Person, *, at: dt.datetime) -> None:
    """Give this person the links and the bytes of the mails that came before the demo began."""
    with transaction.atomic():
        for purpose, things in _things(person, at):
            for thing in things:
                links.grant(person, purpose=purpose, subject=thing, until=at + urls_for.STANDING, at=at)
        for message in post(person):
            if message.payload is None:
                _write(message, at)


def post(person: Person) -> list[OutboxMessage]:
    """What has arrived, the latest first."""
    return list(
        OutboxMessage.objects.filter(person=person, state=OutboxState.SENT)
        .select_related("person__organisation", "copy_to")
        .order_by("-sent_at", "-pk")
    )


def letter(person: Person, number: int) -> OutboxMessage | None:
    """One mail that has arrived."""
    return next((message for message in post(person) if message.pk == number), None)


def on_its_way(person: Person) -> list[OutboxMessage]:
    """Mails that still wait."""
    return list(OutboxMessage.objects.filter(person=person, state=OutboxState.WAITING))


def pages(person: Person, *, at: dt.datetime) -> list[Page]:
    """The personal pages this person can open now; those this installation serves."""
    rows = AccessLink.objects.filter(
        person=person, purpose__in=_WORDS, revoked_at__isnull=True, used_at__isnull=True, expires_at__gt=at
    )
    order = list(_WORDS)
    found = sorted(rows, key=lambda row: (order.index(LinkPurpose(row.purpose)), row.subject_id))
    names = _names(found)
    return [
        Page(_WORDS[LinkPurpose(row.purpose)], names.get((row.subject_type, row.subject_id), ""), path)
        for row in found
        if (path := _path(row))
    ]


def _things(person: Person, at: dt.datetime) -> list[tuple[LinkPurpose, Sequence[models.Model | None]]]:
    seen = Meeting.objects.filter(attendance__person=person).upcoming(at)
    asked = list(seen.filter(attendance__is_asked=True, state=MeetingState.INVITED).distinct())
    bodies = person.memberships.active_on(local_date(at)).exclude(role=Role.GUEST).values("body_id")
    ahead = list(Meeting.objects.filter(alliance__in=bodies, state__in=["confirmed", "call_open"]).upcoming(at))
    return [
        (LinkPurpose.ANSWER, asked),
        (LinkPurpose.MEETING, asked),
        (LinkPurpose.PROPOSE, ahead),
        (LinkPurpose.ITEM, list(AgendaItem.objects.filter(proposer=person, state=AgendaItemState.PROPOSED))),
        (LinkPurpose.MINUTES, list(Minutes.objects.filter(meeting__alliance__in=bodies, state__in=OUT - {"approved"}))),
        (LinkPurpose.MISSED, list(Alliance.objects.filter(pk__in=bodies))),
        (LinkPurpose.TASK, list(ActionItem.objects.open().filter(owner=person))),
        (LinkPurpose.REMARK, list(Alliance.objects.exclude(pk__in=bodies)) if bodies else []),
        (LinkPurpose.NOTICE, [None] if bodies else []),
        (LinkPurpose.FEED, [None]),
        (LinkPurpose.SETTINGS, [None]),
    ]


def _write(message: OutboxMessage, at: dt.datetime) -> None:
    """The demo's finished mails come without bytes: write them as they would be today, under their own Message-ID."""
    try:
        with transaction.atomic():
            rendered = render.render(message, at=at)
            message.payload = render.freeze(message, rendered, at=message.sent_at or at)
            message.save(update_fields=["payload"])
    except (NothingToSay, KeyError):
        return  # its occasion is over, or this kind of letter is not written yet


def _path(row: AccessLink) -> str:
    try:
        return reverse(urls_for.PAGES[LinkPurpose(row.purpose)], args=[links.token(row)])
    except NoReverseMatch:
        return ""


def _names(rows: list[AccessLink]) -> dict[tuple[str, int], str]:
    """What each link is about, one query a kind of thing."""
    found: dict[tuple[str, int], str] = {}
    for kind, model in {
        "alliance": Alliance,
        "meeting": Meeting,
        "agendaitem": AgendaItem,
        "actionitem": ActionItem,
    }.items():
        numbers = [row.subject_id for row in rows if row.subject_type == kind]
        found |= {(kind, thing.pk): str(thing) for thing in model._default_manager.filter(pk__in=numbers)}
    numbers = [row.subject_id for row in rows if row.subject_type == "minutes"]
    for minutes in Minutes.objects.filter(pk__in=numbers).select_related("meeting"):
        found["minutes", minutes.pk] = minutes.meeting.title
    return found
