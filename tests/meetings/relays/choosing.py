"""What every act needs: somebody to act, a moment, a choice among what is there, and an eye on what refusals leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import connection

from buendnisse import models as ground
from buendnisse.models import Person
from meetings.domain import (
    agenda,
    agenda_confidential,
    decisions,
    open_minutes,
    planning,
    relay_rules,
    voting,
)
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.moves import MoveRefused
from meetings.enums import RELAY_TRAVELLING, MeetingState
from meetings.models import AgendaItem, Meeting, Relay
from tests.support.relay_scene import Scene
from tests.world import AT

REFUSED = (
    relay_rules.RelayRefused,
    agenda.AgendaRefused,
    MoveRefused,
    planning.PlanRefused,
    planning.StaleVersion,
    planning.NeedsReason,
    CircularRefused,
    open_minutes.NotInSession,
    open_minutes.MinutesFrozen,
    voting.QuorumMissing,
    decisions.TakenForGood,
    decisions.NumberSelf,
    agenda_confidential.StandsForAll,
)


class Choosing:
    """Every method of the acts takes numbers and chooses by them, so that a sequence can be told again."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.at = AT
        self.done: Counter[str] = Counter()
        self.by: Person = scene.cast.imke
        self.alliances = (scene.cast.bildung, scene.cast.gesellschaft, scene.cast.arbeit)

    @staticmethod
    def one_of(rows: Any, number: int) -> Any:
        found = list(rows)
        return found[number % len(found)] if found else None

    def _relay(self, number: int) -> Any:
        """Mostly one that is under way."""
        rows = Relay.objects.order_by("pk").select_related("source", "target", "target_item__meeting")
        travelling = list(rows.filter(state__in=RELAY_TRAVELLING))
        return self.one_of(travelling if travelling and number % 4 else rows, number // 4)

    def _ahead(self, number: int, *, of: Any = None) -> Any:
        rows = Meeting.objects.filter(start__gt=self.at).exclude(state=MeetingState.CANCELLED)
        rows = rows.filter(alliance_id=of) if of else rows
        return self.one_of(rows.select_related("alliance", "venue").order_by("start", "pk"), number)

    def _item(self, number: int) -> Any:
        """Mostly one that answers a relay."""
        rows = AgendaItem.objects.filter(standing_code="").select_related("alliance", "meeting", "answers")
        rows = rows.order_by("pk")
        answering = list(rows.filter(answers__isnull=False))
        return self.one_of(answering if answering and number % 3 else rows, number // 3)

    def _try(self, name: str, verb: Callable[[], Any]) -> Any:
        """One verb as it is called in earnest, with no transaction around it but its own; what it gives, None where refused.

        What was refused must leave every row as it was.
        """
        before = _stored()
        with suppress(*REFUSED):
            given = verb()
            self.done[name] += 1
            return given
        after = _stored()
        left = [table for table, rows in after.items() if rows != before[table]]
        assert not left, f"{name} was refused, and left something behind in {left}"
        return None


def _stored() -> dict[str, frozenset[tuple[Any, ...]]]:
    """Every row the meetings are made of, and the journal and the counters, by table."""
    models = [*apps.get_app_config("meetings").get_models(include_auto_created=True), ground.Change, ground.Counter]
    rows: dict[str, frozenset[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            rows[table] = frozenset(cursor.fetchall())
    return rows
