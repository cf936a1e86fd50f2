"""The words of an answer, as one reader may see them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body
from buendnisse.models.sight import Sight, sight_of
from meetings.enums import DecisionState, RelayAnswerKind, RelayOutcome, RelayState
from meetings.models import Decision, Relay

#: States in which an answer has come home.
WITH_ANSWER = frozenset({RelayState.RETURNED, RelayState.CLOSED, RelayState.DECLINED})


def answer_wording(relay: Relay, *, reader: object, at: dt.datetime, kept: Mapping[int, str] | None = None) -> str:
    """The decision's own words, else what was written down. What this reader may not read (yet) says so.

    `kept`: what `kept_from` said, where many answers are read at once.
    """
    decision = relay.answer_decision
    if decision is None:
        return relay.answer or relay.outcome_text or relay.reason or str(relay.get_outcome_display())
    if kept is None:
        kept = kept_from([decision.pk], reader=reader, at=at)
    return kept.get(decision.pk, decision.text)


def stamp(relay: Relay) -> str:
    """Tells apart what was said of an answer, without a word of it."""
    return hashlib.blake2s(f"{relay.answer_kind} {relay.answer}".encode(), digest_size=6).hexdigest()


def is_rejected(relay: Relay, words: str | None = None) -> bool:
    """Whether the target said no: its words are then what it did not want, or why.

    `words`: as `answer_wording` gives them. Whoever may not read the words is not told the result either.
    """
    decision = relay.answer_decision
    if decision is None:
        return relay.outcome == RelayOutcome.REJECTED
    return decision.state == DecisionState.REJECTED and words in {None, decision.text}


def answered(relay: Relay, words: str) -> str:
    """ "Das Arbeitsbündnis Arbeit antwortet zum Teil: „…“ Eins von zwei Zielen steht fest."; `words` as `answer_wording` gives them."""
    beside = ""
    if relay.state == RelayState.DECLINED:
        said = _("%(target)s ist dafür nicht die richtige Stelle: „%(words)s“")
    elif not words and relay.answer_kind == RelayAnswerKind.NOTED:
        said = _("%(target)s hat es zur Kenntnis genommen.")
    elif is_rejected(relay, words):
        has_words = relay.answer_decision is not None or bool(relay.outcome_text)
        said = _("%(target)s lehnt ab: „%(words)s“") if has_words else _("%(target)s lehnt ab.")
        beside = _beside(relay, words)
    else:
        verb = answers(relay) if _is_told(relay, words) else _("antwortet")
        said, beside = f"%(target)s {verb}: „%(words)s“", _beside(relay, words)
    told = said % {"target": capfirst(with_article(relay.target)), "words": words}
    return f"{told} {beside}" if beside else told


def answers(relay: Relay) -> str:
    """How far it answers, as a verb; a refusal is told by who calls."""
    match relay.answer_kind:
        case RelayAnswerKind.CONDITIONAL:
            return _("antwortet mit Bedingungen")
        case RelayAnswerKind.PARTIAL:
            return _("antwortet zum Teil")
        case RelayAnswerKind.NOTED:
            return _("nimmt zur Kenntnis")
    return _("antwortet")


def _is_told(relay: Relay, words: str) -> bool:
    """Whether these are the words of the answer, and not what stands for them."""
    return relay.answer_decision is None or words == relay.answer_decision.text


def _beside(relay: Relay, words: str) -> str:
    """The sentence that was written beside the decision, for who may read that."""
    return german.sentence(relay.answer) if relay.answer_decision is not None and _is_told(relay, words) else ""


def arrived(relay: Relay) -> str:
    """ "angekommen am 16. Juni 2025"; empty where that was not noted, or on the day it was sent."""
    return _on(relay.acknowledged_at, _("angekommen am %s"), besides=relay.sent_at)


def came_home(relay: Relay) -> str:
    """ "zugestellt am 17. September 2025"; empty where the answer is not home, or came the day it was given."""
    return _on(relay.returned_at, _("zugestellt am %s"), besides=relay.answered_at)


def _on(moment: dt.datetime | None, words: str, *, besides: dt.datetime | None) -> str:
    day = local_date(moment) if moment else None
    return words % german.day(day) if day and (besides is None or day != local_date(besides)) else ""


def with_article(body: Body) -> str:
    """The body as a sentence names it; nominative and accusative of "das" are the same."""
    return f"das {body.named}" if body.meets else body.name


def is_kept_from(decision: Decision, *, reader: object, at: dt.datetime) -> bool:
    """Whether this reader may not read its words (yet); see `kept_from`."""
    return decision.pk in kept_from([decision.pk], reader=reader, at=at)


def kept_from(decisions: Collection[int], *, reader: object, at: dt.datetime) -> dict[int, str]:
    """The sentence that stands for the words of each that `reader` may not read, by id; two queries at most.

    What is confidential stays with those it is for. All other words are read by the two bodies between which they
    travel, and by everybody else once the minutes they stand in are circulated.
    """
    sight = sight_of(reader, at=at)
    hidden = set(decisions)
    if sight.everything or not hidden:
        return {}
    seen = Decision.objects.visible_to(sight, at=at).filter(pk__in=hidden)
    return said_for(hidden - set(seen.values_list("pk", flat=True)), sight=sight)


def said_for(hidden: Collection[int], *, sight: Sight) -> dict[int, str]:
    """The same of decisions that are known not to be in this sight; one query, none without any."""
    if not hidden:
        return {}
    rows = Decision.objects.filter(pk__in=hidden).values_list(
        "pk", "agenda_item__confidential_to", "answered_relays__source", "relays__target", "relays__sent_at"
    )
    kept: dict[int, str] = {}
    meant: set[int] = set()
    for pk, chosen, asked_by, sent_to, sent_at in rows:
        if chosen is not None:
            kept[pk] = _("Der Wortlaut ist vertraulich.")
        elif asked_by in sight.inside or (sent_to in sight.inside and sent_at is not None):
            meant.add(pk)
        else:
            kept.setdefault(pk, _("Der Wortlaut steht hier, sobald das Protokoll verschickt ist."))
    return {pk: sentence for pk, sentence in kept.items() if pk not in meant}
