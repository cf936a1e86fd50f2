"""Who would get mail if it rang now, and why: for the dry run of the command line."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.domain import batch, render
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)

_PORTION = 100
_WHY = "Warum bekomme ich diese E-Mail?"


@dataclass(frozen=True)
class Recipient:
    """One mail. `why` is what stands in it; empty for codes and links, which somebody asked for."""

    name: str
    address: str
    kind: str
    why: str


def recipients(*, at: dt.datetime) -> Iterator[Recipient]:
    """Of every mail that is due, in the order it would leave; whoever has nothing to hear any more is left out."""
    due = list(OutboxMessage.objects.due(at).values_list("pk", flat=True))
    for start in range(0, len(due), _PORTION):
        rows = OutboxMessage.objects.filter(pk__in=due[start : start + _PORTION])
        found = {row.pk: row for row in rows.select_related("person__organisation", "copy_to")}
        with batch.sharing(list(found.values())):
            for pk in due[start : start + _PORTION]:
                if (one := _recipient(found[pk], at)) is not None:
                    yield one


def _recipient(message: OutboxMessage, at: dt.datetime) -> Recipient | None:
    """A mail that cannot be written is named with that; as when it leaves, it holds up no other."""
    label = str(MailKind(message.kind).label)
    try:
        with transaction.atomic():
            mail = render.render(message, at=at)
    except NothingToSay:
        return None
    except Exception:
        logger.exception("message %s (%s) could not be written", message.pk, message.kind)
        batch.forget()
        person = message.person
        return Recipient(person.full_name, person.email, label, _("Die Mail konnte nicht erstellt werden."))
    return Recipient(mail.to_name, mail.to_address, label, _why(mail.text))


def in_lines(recipients: Sequence[Recipient]) -> Iterator[str]:
    """Kind by kind: what most of them are told of the reason once, above those who are; beside each name the rest."""
    seen = Counter((one.kind, sentence) for one in recipients for sentence in set(_sentences(one.why)))
    number = Counter(one.kind for one in recipients)
    groups: dict[tuple[str, tuple[str, ...]], list[Recipient]] = defaultdict(list)
    for one in recipients:
        usual = tuple(each for each in _sentences(one.why) if 2 * seen[one.kind, each] > number[one.kind])
        groups[one.kind, usual].append(one)
    for (kind, usual), those in groups.items():
        head = f"{kind}, {len(those)} {_('Mail') if len(those) == 1 else _('Mails')}"
        yield f"{head}: {' '.join(usual)}" if usual else head
        for one in those:
            own = " ".join(each for each in _sentences(one.why) if each not in usual)
            yield f"- {one.name} <{one.address}>: {own}" if own else f"- {one.name} <{one.address}>"


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!]) +", text) if one]


def over_the_limit(*, since: int) -> Iterator[str]:
    """Who would be reminded if there were no limit; `since`: the last message before it rang."""
    rows = OutboxMessage.objects.filter(pk__gt=since, data__calm="limit").select_related("person").order_by("pk")
    for message in rows:
        label = str(MailKind(message.kind).label)
        yield _("%(name)s: %(kind)s fällt weg, die Obergrenze des Quartals ist erreicht.") % {
            "name": message.person.full_name,
            "kind": label,
        }


def _why(text: str) -> str:
    """The lines under the question, as one."""
    _before, _question, after = text.partition(_WHY)
    return " ".join(after.strip().partition("\n\n")[0].split())
