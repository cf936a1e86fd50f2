"""What decisions ask of the Fachstelle: those whose day has come, and nobody else says how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.domain import decision_reminders
from notifications.domain.desk_line import Line, href


def lines(*, at: dt.datetime) -> Iterator[Line]:
    """One line for all of them."""
    number = decision_reminders.left(at=at).count()
    if number:
        words = ngettext("%(n)s Beschluss zur Wiedervorlage", "%(n)s Beschlüsse zur Wiedervorlage", number)
        yield Line(
            title=words % {"n": number},
            why=_(
                "Niemand hat gemeldet, wie es steht. Bitte fragen Sie nach oder tragen Sie den Stand ein. "
                "Die Liste zeigt auch die, nach denen gerade per E-Mail gefragt wird."
            ),
            href=href("meetings:decisions", query="?faellig=on"),
            action=_("Beschlüsse ansehen"),
            can_wait=True,
        )
