"""Three bodies and everything that may happen between them, one act a method: what the sequences are drawn from.

An act picks among what is there by a number, does the real verb, and swallows its refusals, once it has seen that what
was refused left nothing behind.
"""

from __future__ import annotations

import uuid
from typing import Any

from meetings.domain import agenda, agenda_confidential, agenda_own
from meetings.models import AgendaItem
from tests.factories.meetings import AgendaItemFactory
from tests.meetings.relays.relay_acts import RelayActs

_AGENDA = (
    "item accepted",
    "item deferred",
    "item deferred",
    "item declined",
    "item withdrawn",
    "item merged",
    "item merged",
    "item restored",
    "item copied",
    "item limited",
)


class Acts(RelayActs):
    """What people and the clock do; here with the topics of agendas."""

    def topic(self, body: int, number: int) -> None:
        to = self._ahead(number, of=self.alliances[body % 3].pk)
        if to is not None and to.agenda_sent_at is None:
            AgendaItemFactory(meeting=to, state="proposed", position=0, proposer=self.scene.cast.susanne)

    def with_item(self, number: int, what: int, more: int) -> None:
        if (item := self._item(number)) is None:
            return
        name = _AGENDA[what % len(_AGENDA)]
        self._try(name, lambda: self._agenda(item, name, more))

    def _agenda(self, item: AgendaItem, name: str, more: int) -> None:
        said: dict[str, Any] = {"by": self.by, "at": self.at}
        to = self._ahead(more, of=item.alliance_id)
        match name:
            case "item accepted":
                agenda.accept(item, meeting=item.meeting or to, **said)
            case "item deferred":
                agenda.defer(item, to=to if more % 3 else None, reason="Später.", **said)
            case "item declined":
                agenda.decline(item, reason="Diesmal nicht.", **said)
            case "item withdrawn":
                agenda_own.withdraw(item, **said)
            case "item merged":
                other = self.one_of(item.alliance.agenda_items.filter(standing_code="").order_by("pk"), more)
                one, into = (item, other) if more % 2 else (other, item)
                agenda.merge(one, into=into, reason="Passt zusammen.", **said)
            case "item restored":
                agenda.restore(item, **said)
            case "item copied":
                agenda.duplicate(item, to=to, title="Noch einmal", form_key=uuid.uuid4(), **said)
            case _:
                organisation = self.scene.cast.susanne.organisation
                agenda_confidential.limit(item, to=[organisation] if more % 2 else [], version=item.version, **said)
