"""The item that goes on where a topic was put off: made when it is deferred, dropped when that is taken back."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse.enums import Via
from meetings.domain import agenda_order, standing
from meetings.domain.agenda_rules import OPEN_MEETINGS, TooLate
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, CircularVote, Meeting, Relay


def make(item: AgendaItem, *, to: Meeting | None, is_agreed: bool) -> AgendaItem:
    """The same matter once more, with its papers and topics; a relay it answers now waits for the new one."""
    if to is None:
        state = AgendaItemState.BACKLOG
    elif is_agreed and to.agenda_sent_at is None:
        state = AgendaItemState.ACCEPTED
    else:
        state = AgendaItemState.PROPOSED
    successor = AgendaItem.objects.create(
        alliance_id=item.alliance_id,
        meeting=to,
        kind=item.kind,
        title=item.title,
        description=item.description,
        wished_result=item.wished_result,
        duration_minutes=item.duration_minutes,
        proposer_id=item.proposer_id,
        proposing_organisation_id=item.proposing_organisation_id,
        presenter_id=item.presenter_id,
        submitted_at=item.submitted_at,
        submitted_via=Via.CARRIED_OVER,
        state=state,
        continued_from=item,
        answers_id=item.answers_id,
    )
    successor.topics.set(item.topics.all())
    successor.papers.set(item.papers.all())
    successor.confidential_to.set(item.confidential_to.all())
    AgendaItem.objects.filter(merged_into=item).update(merged_into=successor)
    Relay.objects.filter(target_item=item).update(target_item=successor)
    if state == AgendaItemState.ACCEPTED and to is not None:
        standing.ensure_standing_items(to)
        agenda_order.place(successor)
    return successor


def meetings_after(item: AgendaItem) -> list[Meeting]:
    """The meetings a topic can be moved to: later ones of its alliance that still take topics, at most four."""
    if item.meeting is None:
        return []
    later = Meeting.objects.filter(alliance_id=item.alliance_id, start__gt=item.meeting.start)
    return list(later.filter(state__in=OPEN_MEETINGS).order_by("start")[:4])


def drop(item: AgendaItem) -> None:
    """Take the successor away while nobody has touched it, if there is one. Raises TooLate."""
    successor = AgendaItem.objects.filter(continued_from=item).first()
    if successor is None:
        return
    untouched = {AgendaItemState.ACCEPTED, AgendaItemState.PROPOSED, AgendaItemState.BACKLOG}
    if successor.state not in untouched or successor.version != 1 or successor.result or _has_more(successor, item):
        raise TooLate(_("Mit diesem Thema ist schon weitergearbeitet worden. Es lässt sich nicht mehr zurückholen."))
    AgendaItem.objects.filter(merged_into=successor).update(merged_into=item)
    Relay.objects.filter(target_item=successor).update(target_item=item)
    agenda_order.remove(successor)
    successor.delete()


def _has_more(successor: AgendaItem, item: AgendaItem) -> bool:
    """Whether a paper was laid with it, or it is put to the vote: what `make` did not copy would be lost."""
    if successor.papers.exclude(pk__in=item.papers.values("pk")).exists():
        return True
    return CircularVote.objects.filter(Q(agenda_item=successor) | Q(next_item=successor)).exists()
