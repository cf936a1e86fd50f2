"""Who may read a topic: everybody, or the chosen organisations and the Fachstelle.

What hangs on the topic (papers, decisions, tasks, its part of the minutes) follows by `visible_to`; what continues it
follows here. A topic is confidential as long as organisations are chosen, so no organisation at all means everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Membership, Organisation, Paper, Person
from meetings.domain.agenda_rules import AgendaRefused, Stale
from meetings.domain.chair import chairs_of
from meetings.enums import Happened, MinutesState
from meetings.models import AgendaItem, CircularVote, Minutes, Relay
from meetings.models.agenda_item import AgendaItemQuerySet
from meetings.models.minutes import OUT


class StandsForAll(AgendaRefused):
    """Standing items belong to everybody."""


class VoteRuns(AgendaRefused):
    """Everybody entitled was asked about it by mail and is reading it now."""


@dataclass(frozen=True)
class Standing:
    """What the Fachstelle should know before it changes who may read a topic."""

    members: Sequence[Organisation]
    others: Sequence[Organisation]
    chosen: frozenset[int]
    told: tuple[str, ...]


def standing(item: AgendaItem, *, at: dt.datetime) -> Standing:
    """Whom one can choose, the members of the alliance first, and who has read the topic already."""
    day = local_date(at)
    rows = Membership.objects.filter(body=item.alliance_id).active_on(day).exclude(role=Role.GUEST)
    inside = set(rows.values_list("organisation_id", flat=True))
    chosen = chosen_of([item]).get(item.pk, frozenset())
    known = list(Organisation.objects.order_by("name", "pk"))
    return Standing(
        members=[one for one in known if one.pk in inside],
        others=[one for one in known if one.pk not in inside],
        chosen=chosen,
        told=_told(item),
    )


def limit(item: AgendaItem, *, to: Iterable[Organisation], version: int, by: Person, at: dt.datetime) -> None:
    """Let only these organisations read the topic; none of them: everybody again. Also what goes on from it.

    Nothing happens where it is so already. Raises Stale, StandsForAll, VoteRuns.
    """
    wanted = frozenset(one.pk for one in to)
    if item.standing_code:
        raise StandsForAll(_("Dieser Punkt ist ein fester Punkt. Er ist für alle."))
    with transaction.atomic():
        was = chosen_of([item]).get(item.pk, frozenset())
        if wanted and wanted != was:
            _require_no_vote(item)
        changed = AgendaItem.objects.filter(pk=item.pk, version=version).update(version=F("version") + 1)
        if changed != 1:
            raise Stale(AgendaItem.objects.select_related("presenter", "proposer").get(pk=item.pk))
        item.refresh_from_db(fields=["version"])
        if wanted == was:
            return
        for one in [item, *_continuing(item, was)]:
            _set(one, wanted, was, by=by, at=at)


def _require_no_vote(item: AgendaItem) -> None:
    vote = CircularVote.objects.running().filter(agenda_item=item).order_by("pk").first()
    if vote is not None:
        raise VoteRuns(
            _("Über dieses Thema wird gerade per E-Mail abgestimmt (%s). Brechen Sie die Abstimmung zuerst ab.")
            % vote.number
        )


def chosen_of(items: Iterable[AgendaItem | int]) -> dict[int, frozenset[int]]:
    """By the topic's id the organisations that may read it; topics for everybody are missing. One query."""
    ids = [item if isinstance(item, int) else item.pk for item in items]
    found: dict[int, set[int]] = {}
    rows = AgendaItem.confidential_to.through.objects.filter(agendaitem__in=ids)
    for item, organisation in rows.values_list("agendaitem", "organisation"):
        found.setdefault(item, set()).add(organisation)
    return {item: frozenset(circle) for item, circle in found.items()}


def words_of(items: Collection[int]) -> dict[int, str]:
    """By the topic's id: "Vertraulich: nur für Jobcenter und BBS"; topics for everybody are missing. One query."""
    named: dict[int, list[str]] = {}
    rows = AgendaItem.confidential_to.through.objects.filter(agendaitem__in=items)
    for item, name in rows.order_by("organisation__short_name", "pk").values_list(
        "agendaitem", "organisation__short_name"
    ):
        named.setdefault(item, []).append(name)
    return {item: only_for(names) for item, names in named.items()}


def marked(rows: AgendaItemQuerySet) -> AgendaItemQuerySet:
    """These topics with `is_confidential`, so that `words_for` asks only where there is something to say."""
    circle = AgendaItem.confidential_to.through.objects.filter(agendaitem=OuterRef("pk"))
    return rows.annotate(is_confidential=Exists(circle))


def words_for(items: Iterable[AgendaItem]) -> dict[int, str]:
    """`words_of` for topics that were loaded by `marked`; no query where none of them is confidential."""
    confidential = [item.pk for item in items if getattr(item, "is_confidential", True)]
    return words_of(confidential) if confidential else {}


def only_for(names: Sequence[str]) -> str:
    """ "Vertraulich: nur für Jobcenter und BBS" """
    return _("Vertraulich: nur für %s") % german.listing(list(names))


def is_kept_from(item: AgendaItem, *, reader: Person | None, at: dt.datetime) -> bool:
    """Whether the topic is confidential and not for this person."""
    return bool(chosen_of([item])) and not AgendaItem.objects.visible_to(reader, at=at).filter(pk=item.pk).exists()


def chairs_without(item: AgendaItem) -> list[Person]:
    """Who leads the meeting and may not read this topic."""
    circle = chosen_of([item]).get(item.pk)
    if circle is None or item.meeting is None:
        return []
    return [person for person in chairs_of(item.meeting) if person.organisation_id not in circle]


def _set(item: AgendaItem, wanted: frozenset[int], was: frozenset[int], *, by: Person, at: dt.datetime) -> None:
    item.confidential_to.set(wanted)
    _keep_papers(item)
    journal.record(
        Happened.ITEM_LIMITED,
        item,
        at=at,
        by=by,
        via=Via.WEB,
        body=item.alliance,
        data={"meeting": item.meeting_id, "to": sorted(wanted), "was": sorted(was)},
    )


def _continuing(item: AgendaItem, was: frozenset[int]) -> list[AgendaItem]:
    """What goes on from the topic, as long as it had the same readers."""
    found: list[AgendaItem] = []
    after = AgendaItem.objects.select_related("alliance").filter(continued_from=item).first()
    while after is not None and chosen_of([after]).get(after.pk, frozenset()) == was:
        found.append(after)
        after = AgendaItem.objects.select_related("alliance").filter(continued_from=after).first()
    return found


def _keep_papers(item: AgendaItem) -> None:
    """Papers that came with the topic are for its readers; those that stand on their own stay as they are.

    One that lies with several confidential topics is for whoever may read all of them.
    """
    for paper in Paper.objects.filter(agenda_items=item, is_standing=False):
        circles = list(chosen_of(paper.agenda_items.all()).values())
        # Nobody in common: it keeps the latest circle, and `paper_shelf` hides it from whoever lacks one of the topics.
        common = frozenset.intersection(*circles) if circles else frozenset[int]()
        paper.confidential_to.set(common or (circles[-1] if circles else ()))


def _told(item: AgendaItem) -> tuple[str, ...]:
    """What has left already and cannot be called back."""
    said: list[str] = []
    if item.meeting is not None and item.meeting.agenda_sent_at is not None and item.position:
        said.append(_("Die Tagesordnung ist schon verschickt. Wer sie bekommen hat, hat den Punkt gesehen."))
    if Minutes.objects.filter(meeting=item.meeting_id, state__in=OUT | {MinutesState.IN_REVIEW}).exists():
        said.append(_("Das Protokoll ist schon unterwegs. In Mails, die angekommen sind, bleibt der Punkt lesbar."))
    sent = Relay.objects.filter(source_item=item).sent().order_by("number")
    if numbers := list(sent.values_list("number", flat=True)):
        said.append(
            _("Der Punkt ist schon weitergegeben (%s). Wer die Bitte bekommen hat, hat ihren Wortlaut gelesen.")
            % german.listing(numbers)
        )
    return tuple(said)
