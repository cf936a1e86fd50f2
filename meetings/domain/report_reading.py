"""What is read out under "Bericht der Fachstelle", in full: the wording of each answer that came home and of each notice.

The agenda names them only, since it goes to everybody before they may know the words; who reads this may. Who listens
is not only who may know: nothing of a confidential topic stands here, and no confidential wording, whoever reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse.models import Sight
from meetings.domain import relay_words
from meetings.enums import RelayKind, RelayState, StandingCode
from meetings.models import AgendaItem, Decision, Relay
from meetings.models.agenda_item import closed_to


@dataclass(frozen=True)
class Reading:
    """A relay and the sentences to read out."""

    relay: Relay
    text: str


def of(item: AgendaItem, *, sight: Sight, at: dt.datetime) -> list[Reading]:
    """In the order of their numbers; nothing under other items. Two queries more than for the Fachstelle at most."""
    if item.standing_code != StandingCode.REPORT:
        return []
    here = Q(returned_item=item) | Q(target_item=item, kind=RelayKind.FOR_INFORMATION)
    rows = Relay.objects.visible_to(sight, at=at).without_secrets().filter(here).exclude(state=RelayState.WITHDRAWN)
    relays = list(rows.select_related("source", "target", "answer_decision").order_by("pk"))
    answers = [one.answer_decision_id for one in relays if one.returned_item_id == item.pk and one.answer_decision_id]
    kept = relay_words.kept_from(answers, reader=sight, at=at) | _secret(answers, sight=sight)
    return [Reading(one, _words(one, item, sight, kept, at=at)) for one in relays]


def _secret(answers: Collection[int], *, sight: Sight) -> dict[int, str]:
    """What stands for the words of confidential answers, also for those who may know them."""
    if not answers:
        return {}
    closed = Decision.objects.filter(pk__in=answers, agenda_item__in=closed_to(()))
    return relay_words.said_for(set(closed.values_list("pk", flat=True)), sight=sight)


def _words(relay: Relay, item: AgendaItem, sight: Sight, kept: dict[int, str], *, at: dt.datetime) -> str:
    if relay.returned_item_id == item.pk:
        return relay_words.answered(relay, relay_words.answer_wording(relay, reader=sight, kept=kept, at=at))
    return _("%(body)s schreibt: „%(words)s“") % {"body": relay.source.word, "words": relay.message}
