"""What the board of relays is narrowed to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.utils.translation import gettext as _

from buendnisse.enums import BodyKind
from buendnisse.forms.filter_bar import Choice, FilterBar, Given, Group, Words, options, or_all
from buendnisse.models import Body
from meetings.domain.relay_board import Choices, Filters
from meetings.domain.relay_turn import Turn
from meetings.enums import RelayKind, RelayState

_NUMBER = re.compile(r"W-\d{4}-\d+", re.IGNORECASE)


class BoardFilters(FilterBar):
    """Wrong values narrow nothing; without any, what is open is shown. Who types a whole number finds it in any state."""

    def __init__(self, data: Mapping[str, str], *, offered: Choices, with_drafts: bool) -> None:
        self._words = {body.pk: body.word for body in offered.bodies}
        steps = [pair for pair in RelayState.choices if with_drafts or pair[0] != RelayState.DRAFT]
        known = options(self._words.items())
        super().__init__(
            data,
            Given("von", known),
            Given("an", known),
            Words("q", _("Suche")),
            Choice("bei", _("Beteiligt"), or_all(_grouped(offered.bodies))),
            Choice("art", _("Art"), or_all(options(RelayKind.choices))),
            Choice("thema", _("Thema"), or_all(options(offered.topics))),
            Choice("dran", _("Wer ist dran"), or_all(options(_turns()))),
            Choice("stand", _("Stand"), (*options(_scopes()), Group(_("Schritt"), options(steps)))),
            Choice("jahr", _("Jahr"), or_all(options((year, year) for year in offered.years))),
        )

    @cached_property
    def filters(self) -> Filters:
        """The same as the board takes it."""
        said = self.wanted
        is_named = _NUMBER.fullmatch(said["q"]) is not None
        return Filters(
            words=said["q"],
            body_id=said["bei"],
            kind=said["art"] or "",
            topic_id=said["thema"],
            turn=said["dran"] or "",
            scope="all" if is_named else said["stand"] or "open",
            year=said["jahr"],
            source_id=said["von"],
            target_id=said["an"],
        )

    @property
    def direction(self) -> str:
        """ "von Bildung an Arbeit" where an arrow of the overview led here; else nothing."""
        source, target = (self._words.get(self.wanted[name] or 0) for name in ("von", "an"))
        return " ".join(filter(None, (source and _("von %s") % source, target and _("an %s") % target)))


def _scopes() -> list[tuple[str, str]]:
    return [("open", _("offen")), ("overdue", _("überfällig")), ("ended", _("beendet")), ("all", _("alle"))]


def _turns() -> list[tuple[Turn, str]]:
    return [
        (Turn.FACHSTELLE, _("Fachstelle")),
        (Turn.TARGET, _("die gefragte Seite")),
        (Turn.NOBODY, _("niemand, läuft von selbst")),
    ]


def _grouped(bodies: Sequence[Body]) -> list[Group]:
    """Alliances, units and bodies outside, each under its own heading; a heading without bodies is left out."""
    named = {
        _("Bündnisse"): {BodyKind.ALLIANCE},
        _("Stellen und Projekte"): {BodyKind.UNIT},
        _("Gremien und andere"): set(BodyKind) - {BodyKind.ALLIANCE, BodyKind.UNIT},
    }
    groups = [
        Group(name, options((one.pk, one.word) for one in bodies if one.kind in kinds)) for name, kinds in named.items()
    ]
    return [group for group in groups if group.options]
