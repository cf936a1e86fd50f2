"""A run: all mails of one occasion and the copies of them, which are stopped and let go together."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import german
from notifications.domain import batch, render
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

logger = logging.getLogger(__name__)

_PORTION = 100
#: What asks for something that can be over meanwhile, so that it is looked at before somebody lets it go.
_ASKING = frozenset(
    {
        MailKind.CALL,
        MailKind.CALL_REMINDER,
        MailKind.ANSWER_REMINDER,
        MailKind.TASK_REMINDER,
        MailKind.BALLOT,
        MailKind.BALLOT_REMINDER,
    }
)
_OF_VOTES = frozenset({MailKind.BALLOT, MailKind.BALLOT_REMINDER})


def rows(message: OutboxMessage) -> OutboxMessageQuerySet:
    """All messages of this one's run. A digest is an occasion of its own for everybody: there it is what one ring wrote."""
    kind = message.data.get("of", message.kind) if message.kind == MailKind.COPY else message.kind
    found = OutboxMessage.objects
    if kind == MailKind.DIGEST:
        copies = Q(kind=MailKind.COPY, data__of=kind)
        return found.filter(Q(kind=kind) | copies, created_at=message.created_at)
    key = message.occasion.partition(":")[2]
    occasion = f"{kind}:{key}" if message.kind == MailKind.COPY else message.occasion
    copies = Q(occasion=f"{MailKind.COPY}:{key}", data__of=kind)
    return found.filter(Q(occasion=occasion) | copies | Q(pk=message.pk))


def in_words(mails: int, copies: int) -> str:
    """ "39 Mails und eine Kopie": copies go to further addresses of the same people."""
    parts = [ngettext("%(n)s Mail", "%(n)s Mails", mails) % {"n": mails}] if mails or not copies else []
    if copies:
        parts.append(_("eine Kopie") if copies == 1 else _("%s Kopien") % copies)
    return german.listing(parts)


def readers_in_words(people: int, copies: int) -> str:
    """ "39 Personen und eine weitere Adresse"."""
    parts = [_("eine Person") if people == 1 else _("%s Personen") % people] if people or not copies else []
    if copies:
        parts.append(_("eine weitere Adresse") if copies == 1 else _("%s weitere Adressen") % copies)
    return german.listing(parts)


def needless(messages: Sequence[OutboxMessage], *, at: dt.datetime) -> list[int]:
    """Which of these have nothing to say any more. Looking changes nothing."""
    asking = [one for one in messages if one.kind in _ASKING]
    found: list[int] = []
    for start in range(0, len(asking), _PORTION):
        portion = asking[start : start + _PORTION]
        with batch.sharing(portion):
            found += [one.pk for one in portion if _is_over(one, at)]
    return found


def why_needless(kind: str) -> str:
    """The sentence about them."""
    return _("Die Abstimmung ist beendet.") if kind in _OF_VOTES else _("Dazu gibt es nichts mehr zu sagen.")


def _is_over(message: OutboxMessage, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            render.render(message, at=at)
            transaction.set_rollback(True)
    except NothingToSay:
        batch.forget()
        return True
    except Exception:  # it goes, and fails with its reason
        logger.exception("message %s (%s) could not be looked at", message.pk, message.kind)
        batch.forget()
    return False
