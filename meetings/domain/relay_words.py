"""The words of an answer, as one reader may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from buendnisse.enums import BodyKind
from buendnisse.models import Body
from meetings.enums import RelayAnswerKind, RelayState
from meetings.models import Decision, Relay

#: States in which an answer has come home.
WITH_ANSWER = frozenset({RelayState.RETURNED, RelayState.CLOSED, RelayState.DECLINED})


def answer_wording(relay: Relay, *, reader: object, at: dt.datetime, kept: Collection[int] | None = None) -> str:
    """The decision's own words, else what was written down. What stays confidential says so.

    `kept`: what `kept_from` said, where many answers are read at once.
    """
    decision = relay.answer_decision
    if decision is None:
        return relay.answer or relay.outcome_text or relay.reason or str(relay.get_outcome_display())
    if decision.pk in (kept_from([decision.pk], reader=reader, at=at) if kept is None else kept):
        return _("Der Wortlaut ist vertraulich.")
    return decision.text


def answered(relay: Relay, words: str) -> str:
    """ "Das Arbeitsbündnis Arbeit antwortet: „…“"; `words` as `answer_wording` gives them."""
    if relay.state == RelayState.DECLINED:
        said = _("%(target)s ist dafür nicht die richtige Stelle: „%(words)s“")
    elif not words and relay.answer_kind == RelayAnswerKind.NOTED:
        said = _("%(target)s hat es zur Kenntnis genommen.")
    else:
        said = _("%(target)s antwortet: „%(words)s“")
    return said % {"target": capfirst(with_article(relay.target)), "words": words}


def with_article(body: Body) -> str:
    """The body as a sentence names it; nominative and accusative of "das Arbeitsbündnis" are the same."""
    return f"das {body.name}" if body.kind == BodyKind.ALLIANCE else body.name


def is_kept_from(decision: Decision, *, reader: object, at: dt.datetime) -> bool:
    """Under a confidential item, and not for this reader. All other answers were meant for those who asked."""
    return decision.pk in kept_from([decision.pk], reader=reader, at=at)


def kept_from(decisions: Collection[int], *, reader: object, at: dt.datetime) -> set[int]:
    """`is_kept_from` for many, by id; two queries at most."""
    rows = Decision.objects.filter(pk__in=decisions, agenda_item__confidential_to__isnull=False)
    kept = set(rows.values_list("pk", flat=True))
    if not kept:
        return kept
    return kept - set(Decision.objects.visible_to(reader, at=at).filter(pk__in=kept).values_list("pk", flat=True))
