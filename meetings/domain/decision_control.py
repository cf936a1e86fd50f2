"""Beschlusskontrolle: what became of the decisions of a body, read out in each of its meetings.

Practice of municipal offices: a standing item with a list of what is not done yet, with a date to come back to
it. It names organisations, no people: the list goes to all bodies, and tasks belong to the organisation too.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Change
from meetings.domain.line import Line
from meetings.domain.standing_look import Look
from meetings.enums import DECISION_OPEN, DecisionKind, DecisionState, Happened
from meetings.models import ActionItem, AgendaItem, Decision, Meeting

_LONGEST = 110  # characters of a decision's text; its page has all of it
_LONGEST_TASK = 80


def lines(item: AgendaItem, look: Look) -> Iterable[Line]:
    """Decisions not done yet, then those done since the meeting before. Taking note of something asks for nothing.

    A task is overdue or not as on the day the agenda left: a day that passes is no news.
    """
    meeting = look.meeting
    heading = _("Was aus unseren Beschlüssen wurde")
    tasks = ActionItem.objects.open().select_related("organisation").order_by("due_on", "pk")
    rows = (
        Decision.objects.filter(alliance_id=meeting.alliance_id, decided_on__lt=local_date(meeting.start))
        .exclude(kind=DecisionKind.ACKNOWLEDGEMENT)
        .filter(Q(state__in=DECISION_OPEN) | Q(pk__in=_done_since(look.before), state=DecisionState.DONE))
        .prefetch_related(Prefetch("action_items", tasks, to_attr="open_tasks"))
        .order_by("decided_on", "number")
    )
    found = sorted(rows, key=lambda decision: decision.state == DecisionState.DONE)  # keeps the order otherwise
    for decision in found:
        yield Line(
            _words(decision, today=local_date(meeting.agenda_sent_at or look.at)), heading=heading, decision=decision.pk
        )


def _done_since(before: Meeting | None) -> set[int]:
    """Decisions that were called done, or whose last task was finished, since the meeting before."""
    if before is None:
        return set()
    told = Change.objects.filter(
        verb=Happened.DECISION_FOLLOWED_UP, reason=DecisionState.DONE, body_id=before.alliance_id, at__gte=before.start
    )
    finished = ActionItem.objects.filter(
        alliance_id=before.alliance_id, decision__isnull=False, completed_on__gte=local_date(before.start)
    )
    return {*told.values_list("subject_id", flat=True), *finished.values_list("decision_id", flat=True)}


def _words(decision: Decision, *, today: dt.date) -> str:
    """ "A-2026-12, in Umsetzung: … Als Nächstes: Jobcenter bis 30.10.2026, … Wiedervorlage am 03.12.2026." """
    text = textwrap.shorten(decision.text, _LONGEST, placeholder=" …")
    words = [f"{decision.number}, {decision.get_state_display()}: {german.closed(text)}"]
    if decision.state == DecisionState.DONE:
        return words[0]
    tasks: list[ActionItem] = getattr(decision, "open_tasks", [])
    if tasks:
        words.append(_("Als Nächstes: %s.") % "; ".join(_task(task, today) for task in tasks))
    if decision.follow_up_on:
        words.append(_("Wiedervorlage am %s.") % german.short_day(decision.follow_up_on))
    return " ".join(words)


def _task(task: ActionItem, today: dt.date) -> str:
    """ "Jobcenter, Liste der Betriebe, bis 30.10.2026 (überfällig)" """
    what = textwrap.shorten(task.task.rstrip(". "), _LONGEST_TASK, placeholder=" …")
    late = _(" (überfällig)") if task.due_on < today else ""
    until = _("bis %s") % german.short_day(task.due_on)
    return f"{task.organisation.short_name}, {what}, {until}{late}"
