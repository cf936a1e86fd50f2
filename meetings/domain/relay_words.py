"""The words of an answer, as one reader may see them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from buendnisse.enums import BodyKind
from buendnisse.models import Body
from meetings.models import Decision, Relay


def answer_wording(relay: Relay, *, reader: object, at: dt.datetime) -> str:
    """The decision's own words, else what was written down. What stays confidential says so."""
    decision = relay.answer_decision
    if decision is None:
        return relay.answer or relay.outcome_text or relay.reason or str(relay.get_outcome_display())
    if is_kept_from(decision, reader=reader, at=at):
        return _("Der Wortlaut ist vertraulich.")
    return decision.text


def with_article(body: Body) -> str:
    """The body as a sentence names it; nominative and accusative of "das Arbeitsbündnis" are the same."""
    return f"das {body.name}" if body.kind == BodyKind.ALLIANCE else body.name


def is_kept_from(decision: Decision, *, reader: object, at: dt.datetime) -> bool:
    """Under a confidential item, and not for this reader. All other answers were meant for those who asked."""
    kept = Decision.objects.filter(pk=decision.pk, agenda_item__confidential_to__isnull=False)
    return kept.exists() and not Decision.objects.visible_to(reader, at=at).filter(pk=decision.pk).exists()
