"""Every kind of mail with example data, rendered by what renders real mail: for the Fachstelle to look at before it is sent.

The rows are made for one look and rolled back, so that nothing is stored, sent or found by anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from meetings.domain import reminder_rules
from notifications.domain import previews
from notifications.domain.examples import calendar, meetings, others, stage, topics
from notifications.domain.examples.scene import Example
from notifications.domain.previews import Preview
from notifications.enums import MailKind

EXAMPLES: Mapping[str, Example] = {
    **calendar.EXAMPLES,
    **topics.EXAMPLES,
    **meetings.EXAMPLES,
    **others.EXAMPLES,
}

#: In the order of a quarter, as members meet them.
GROUPS: Sequence[tuple[str | Promise, Sequence[MailKind]]] = (
    (_("Vor der Sitzung"), calendar.BEFORE + topics.BEFORE + meetings.BEFORE),
    (_("Termin geändert, Vertretung, Antworten"), calendar.CHANGES),
    (_("Nach der Sitzung"), meetings.AFTER),
    (_("Eigene Themen und Meldungen"), topics.OWN),
    (_("Zwischen den Bündnissen und Abstimmungen"), others.BETWEEN),
    (_("Brief mit Neuigkeiten, Anmelden, Sonstiges"), others.REST),
)


@dataclass(frozen=True)
class Shown:
    """One kind of mail: what it is, when it comes, and how it looks."""

    kind: MailKind
    when: str
    mail: Preview


def when(kind: MailKind) -> str:
    """In words, when this mail leaves and to whom; with the days the Fachstelle chose."""
    example = EXAMPLES[kind]
    if not example.rule:
        return str(example.when)
    days = reminder_rules.days(example.rule).days
    return str(example.when) % {
        "days": german.count(days, "Tag", "Tage"),
        "of_days": german.count(days, "Tag", "Tagen"),
    }


def show(kind: MailKind) -> Shown:
    """The example of this kind as it would leave. Nothing stays in the database."""
    example = EXAMPLES[kind]
    with transaction.atomic():
        message, at = example.make(stage.build())
        mail = previews.preview(message, at=at, is_open=True)
        transaction.set_rollback(True)
    return Shown(kind, when(kind), previews.masked(mail))
