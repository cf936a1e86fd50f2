"""What a person wishes of us: how we address them, how often news comes, which mail at once, and how it looks.

Every choice is one Change that holds what was before and what is now, so that it can be taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.domain.people import FACTS
from buendnisse.enums import DigestRhythm, MailFormat, MailTopic, Role, Salutation, Via
from buendnisse.models import Body, Change, Membership, Person

_CHOSEN = "person.mails_chosen"


class NothingToTakeBack(Exception):
    """There was no choice, or another one has been made since. `str()` is a German sentence."""


@dataclass(frozen=True)
class Wishes:
    """`quiet_topics`, `quiet_bodies`: what is *not* wanted. `mail_format` none (post, telephone) is no choice of a page."""

    digest: str
    mail_format: str
    gets_papers: bool
    quiet_topics: tuple[str, ...] = ()
    quiet_bodies: tuple[int, ...] = ()
    quiet_in_holidays: bool = False
    large_type: bool = False
    salutation: str = Salutation.NEUTRAL


def wishes_of(person: Person) -> Wishes:
    return Wishes(
        digest=person.digest,
        mail_format=person.mail_format,
        gets_papers=person.gets_papers,
        quiet_topics=tuple(person.quiet_topics),
        quiet_bodies=tuple(person.quiet_bodies),
        quiet_in_holidays=person.quiet_in_holidays,
        large_type=person.large_type,
        salutation=person.salutation,
    )


def own_bodies(person: Person, *, at: dt.datetime) -> list[Body]:
    """The bodies this person hears from by membership, guests left out."""
    rows = Membership.objects.filter(person=person).active_on(local_date(at)).exclude(role=Role.GUEST)
    return list(Body.objects.filter(pk__in=rows.values("body")).order_by("pk"))


def choose(person: Person, wishes: Wishes, *, at: dt.datetime, via: str = Via.LINK) -> Change | None:
    """Takes effect at once, also for mail that waits. Choosing what already holds writes nothing and answers None."""
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        before, after = wishes_of(row), _in_order(wishes)
        change = None
        if before != after:
            _store(row, before, after)
            data = {"before": asdict(before), "after": asdict(after)}
            change = journal.record(_CHOSEN, row, at=at, by=person, via=via, data=data)
    _take_over(person, after)
    return change


def choose_rhythm(person: Person, *, rhythm: DigestRhythm, at: dt.datetime, via: str = Via.LINK) -> Change | None:
    """`choose` for the letter with news alone."""
    return choose(person, replace(_fresh(person), digest=rhythm), at=at, via=via)


def take_back(person: Person, *, at: dt.datetime) -> None:
    """Undo the last choice made by a link. Raises NothingToTakeBack where something else holds by now."""
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        last = last_choice(row)
        if last is None:
            raise NothingToTakeBack(_("Das wurde inzwischen geändert. Bitte sehen Sie sich die Einstellung an."))
        before = _read(last.data["before"])
        _store(row, wishes_of(row), before)
        data = {"before": last.data["after"], "after": asdict(before), "undoes": last.pk}
        journal.record("person.mails_choice_undone", row, at=at, by=person, via=Via.LINK, data=data)
    _take_over(person, before)


def last_choice(person: Person) -> Change | None:
    """The choice that can be taken back: made by link, not undone, and still what holds."""
    verbs = [_CHOSEN, "person.mails_choice_undone"]
    last = Change.objects.of(person).filter(verb__in=verbs).order_by("-pk").first()
    if last is None or last.verb != _CHOSEN or last.via != Via.LINK:
        return None
    return last if _read(last.data["after"]) == wishes_of(person) else None


def in_words(person: Person, *, bodies: Sequence[Body]) -> list[str]:
    """What holds, in sentences: for the page that says it is saved, and for Meine Seite."""
    said = [str(_NEWS[DigestRhythm(person.digest)])]
    left_out = [str(topic.label) for topic in MailTopic if topic in person.quiet_topics]
    if left_out:
        said.append(_("Diese E-Mails schicken wir Ihnen nicht: %s.") % "; ".join(left_out))
    quiet = [body.name for body in bodies if body.pk in person.quiet_bodies]
    if quiet:
        words = str(_("Nur das Nötigste bekommen Sie aus: %s.") % ", ".join(quiet))
        has_letter = person.digest != DigestRhythm.NEVER
        said.append(f"{words} {_('Im Brief steht von dort nichts Neues.')}" if has_letter else words)
    if person.quiet_in_holidays:
        said.append(str(_("In den Schulferien erinnern wir Sie nicht.")))
    if person.mail_format == MailFormat.TEXT:
        said.append(str(_("Unsere E-Mails kommen als reiner Text.")))
    if person.large_type:
        said.append(str(_("Die Schrift ist groß, in E-Mails und auf Ihren Seiten.")))
    if person.gets_papers:
        said.append(str(_("Unterlagen hängen an der Einladung.")))
    return said


_NEWS = {
    DigestRhythm.WEEKLY: _("Den Brief mit Neuigkeiten bekommen Sie jede Woche, am Montag."),
    DigestRhythm.MONTHLY: _("Den Brief mit Neuigkeiten bekommen Sie einmal im Monat."),
    DigestRhythm.NEVER: _("Den Brief mit Neuigkeiten bekommen Sie nicht."),
}


def _in_order(wishes: Wishes) -> Wishes:
    known = tuple(str(topic) for topic in MailTopic if topic in wishes.quiet_topics)
    return replace(wishes, quiet_topics=known, quiet_bodies=tuple(sorted(set(wishes.quiet_bodies))))


def _read(data: dict[str, Any]) -> Wishes:
    lists = {name: tuple(data[name]) for name in ("quiet_topics", "quiet_bodies")}
    return Wishes(**{**data, **lists})


def _fresh(person: Person) -> Wishes:
    return wishes_of(Person.objects.get(pk=person.pk))


def _store(row: Person, before: Wishes, after: Wishes) -> None:
    """What the Fachstelle's form holds, too, is a new version: a form that was opened before does not undo it."""
    old, new = _columns(before), _columns(after)
    raised = {"version": F("version") + 1} if any(old[name] != new[name] for name in FACTS if name in new) else {}
    Person.objects.filter(pk=row.pk).update(**new, **raised)


def _take_over(person: Person, wishes: Wishes) -> None:
    person.refresh_from_db(fields=["version"])
    for name, value in _columns(wishes).items():
        setattr(person, name, value)


def _columns(wishes: Wishes) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wishes).items()}
