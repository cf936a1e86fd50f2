"""What came of the meetings: decisions, action items, votes by mail, topics kept for later, short notices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from buendnisse.config.demo import ballots
from buendnisse.config.demo.source import Contradiction, Row
from buendnisse.config.demo.stage import TODAY, Stage, at_some_hour, link, moment
from buendnisse.domain import counters
from meetings.enums import ActionItemState, AgendaItemState, CircularState, DecisionState, NoticeState
from meetings.models import ActionItem, AgendaItem, CircularVote, Decision, Notice, Remark

_NUMBER = re.compile(r"(?P<kind>(?:U-)?)(?P<letter>[A-Z])-(?P<year>\d{4})-(?P<count>\d+)")


def load(stage: Stage, row: Row) -> None:
    circular_decisions = _circulars(stage, row)
    _decisions(stage, row)
    _actions(stage, row)
    _backlog(stage, row)
    _notices(stage, row)
    _remarks(stage, row)
    _agree(stage, circular_decisions)
    raise_counters(
        [decision.number for decision in stage.decisions.values()]
        + [circular.number for circular in stage.circulars.values()]
    )


def raise_counters(numbers: Iterable[str]) -> None:
    """Let the next number of each series come after those that were given."""
    highest: dict[str, int] = {}
    for number in numbers:
        parts = _NUMBER.fullmatch(number)
        if parts is None:
            raise Contradiction(f"no number: {number}")
        year, letter = parts["year"], parts["letter"]
        name = f"relay:{year}" if letter == "W" else f"{'circular' if parts['kind'] else 'decision'}:{letter}:{year}"
        highest[name] = max(highest.get(name, 0), int(parts["count"]))
    for name, value in highest.items():
        counters.at_least(name, value)


def _circulars(stage: Stage, row: Row) -> dict[str, str]:
    """Votes by mail; answers which decision each led to, said again by the decision."""
    decisions: dict[str, str] = {}
    for entry in row.rows("circular_decisions"):
        identifier = entry.text("id")
        with entry.part("votes") as votes:
            counted = {
                "votes_yes": votes.take("yes"),
                "votes_no": votes.take("no"),
                "votes_abstain": votes.take("abstain"),
                "votes_missing": votes.take("no_answer"),
            }
        if entry.has("decision"):
            decisions[identifier] = entry.text("decision")
        stage.circulars[identifier] = circular = CircularVote(
            number=entry.text("number"),
            alliance=stage.alliances[entry.text("alliance")],
            subject=entry.text("subject"),
            text=entry.text("text"),
            opened_on=entry.day("opened_on"),
            closes_on=entry.day("closes_on"),
            state=CircularState(entry.text("status")),
            objections_to_procedure=entry.take("objections_to_procedure"),
            **counted,
        )
        _named_by_number(identifier, circular.number)
    CircularVote.objects.bulk_create(stage.circulars.values())
    for circular in stage.circulars.values():
        if circular.state == CircularState.CIRCULATING:
            ballots.load(stage, circular)
    return decisions


def _decisions(stage: Stage, row: Row) -> None:
    topics: list[tuple[str, str]] = []
    links: dict[str, dict[str, str]] = {"revoked_by": {}, "superseded_by": {}, "revokes": {}, "supersedes": {}}
    for entry in row.rows("decisions"):
        identifier = entry.text("id")
        topics += [(identifier, topic) for topic in entry.words("topics")]
        for kind, found in links.items():
            if entry.has(kind):
                found[identifier] = entry.text(kind)
        stage.decisions[identifier] = _decision(stage, entry, identifier)
    for one, other in (("revoked_by", "revokes"), ("superseded_by", "supersedes")):
        if {(old, new) for old, new in links[one].items()} != {(old, new) for new, old in links[other].items()}:
            raise Contradiction(f"{one}: {links[one]}, {other}: {links[other]}")
    Decision.objects.bulk_create(stage.decisions.values())
    for old, new in links["revoked_by"].items():
        stage.decisions[old].revoked_by = stage.decisions[new]
    for old, new in links["superseded_by"].items():
        stage.decisions[old].superseded_by = stage.decisions[new]
    changed = [stage.decisions[old] for old in [*links["revoked_by"], *links["superseded_by"]]]
    Decision.objects.bulk_update(changed, ["revoked_by", "superseded_by"])
    link(Decision.topics.through, [(stage.decisions[decision], stage.topics[topic]) for decision, topic in topics])


def _decision(stage: Stage, entry: Row, identifier: str) -> Decision:
    meeting, item, circular = entry.text("meeting"), entry.text("agenda_item"), entry.text("circular")
    votes: dict[str, Any] = {}
    if entry.has("votes"):
        with entry.part("votes") as part:
            votes = {f"votes_{word}": part.take(word) for word in ("yes", "no", "abstain", "entitled")}
    decision = Decision(
        number=entry.text("number"),
        alliance=stage.alliances[entry.text("alliance")],
        meeting=stage.meetings[meeting] if meeting else None,
        agenda_item=stage.items[item] if item else None,
        circular=stage.circulars[circular] if circular else None,
        kind=entry.text("kind"),
        procedure=entry.text("procedure"),
        text=entry.text("text"),
        note=entry.text("note"),
        decided_on=entry.day("decided_on"),
        state=DecisionState(entry.text("status")),
        revoked_on=entry.maybe_day("revoked_on"),
        revocation_reason=entry.text("revocation_reason"),
        superseded_on=entry.maybe_day("superseded_on"),
        follow_up_on=entry.maybe_day("follow_up_on"),
        **votes,
    )
    _named_by_number(identifier, f"D-{decision.number}")
    return decision


def _actions(stage: Stage, row: Row) -> None:
    for entry in row.rows("action_items"):
        identifier = entry.text("id")
        decision, former = entry.text("decision"), entry.text("handed_over_from")
        completed_on = entry.maybe_day("completed_on")
        stage.actions[identifier] = ActionItem(
            slug=identifier,
            alliance=stage.alliances[entry.text("alliance")],
            meeting=stage.meetings[entry.text("meeting")],
            agenda_item=stage.items[entry.text("agenda_item")],
            decision=stage.decisions[decision] if decision else None,
            owner=stage.people[entry.text("owner")],
            organisation=stage.organisations[entry.text("organisation")],
            task=entry.text("task"),
            due_on=entry.day("due_on"),
            state=ActionItemState(entry.text("status")),
            completed_on=completed_on,
            reported_at=at_some_hour(completed_on, len(stage.actions)) if completed_on else None,
            handed_over_from=stage.people[former] if former else None,
            handed_over_on=entry.maybe_day("handed_over_on"),
        )
    ActionItem.objects.bulk_create(stage.actions.values())
    _responsible(stage.actions.values())


def _responsible(actions: Iterable[ActionItem]) -> None:
    """Who got the first task out of a decision says how it stands, where somebody will still ask for it."""
    for action in actions:
        decision = action.decision
        if decision is None or decision.follow_up_on is None or decision.follow_up_on <= TODAY:
            continue
        if decision.responsible is None:
            decision.responsible, decision.responsible_organisation = action.owner, action.organisation
            decision.save(update_fields=["responsible", "responsible_organisation"])


def _backlog(stage: Stage, row: Row) -> None:
    """The Themenspeicher: items without a meeting."""
    topics: list[tuple[str, str]] = []
    kept: dict[str, AgendaItem] = {}
    for number, entry in enumerate(row.rows("topic_backlog"), start=1):
        identifier = entry.text("id")
        proposer = stage.people[entry.text("proposer")]
        topics += [(identifier, topic) for topic in entry.words("topics")]
        kept[identifier] = AgendaItem(
            slug=identifier,
            alliance=stage.alliances[entry.text("alliance")],
            title=entry.text("title"),
            proposer=proposer,
            proposing_organisation=proposer.organisation,
            submitted_at=at_some_hour(entry.day("submitted_on"), number),
            state=AgendaItemState(entry.text("status")),
            review_on=entry.day("review_on"),
        )
    AgendaItem.objects.bulk_create(kept.values())
    link(AgendaItem.topics.through, [(kept[item], stage.topics[topic]) for item, topic in topics])
    stage.items |= kept


def _notices(stage: Stage, row: Row) -> None:
    bodies: list[tuple[str, str]] = []
    for entry in row.rows("notices"):
        identifier = entry.text("id")
        published_on = entry.maybe_day("published_on")  # without one it waits for its release
        handed_in_on = published_on or entry.day("handed_in_on")
        bodies += [(identifier, alliance) for alliance in entry.words("alliances")]
        stage.notices[identifier] = Notice(
            slug=identifier,
            text=entry.text("text"),
            state=NoticeState.RELEASED if published_on else NoticeState.PROPOSED,
            valid_until=entry.day("valid_until"),
            from_organisation=stage.organisations[entry.text("from_organisation")],
            from_person=stage.people[entry.text("from_person")],
            submitted_at=moment(handed_in_on, 8, 20),
            released_by=stage.people[entry.text("released_by")] if published_on else None,
            released_at=moment(published_on, 9, 40) if published_on else None,
        )
    Notice.objects.bulk_create(stage.notices.values())
    link(Notice.bodies.through, [(stage.notices[notice], stage.alliances[body]) for notice, body in bodies])


def _remarks(stage: Stage, row: Row) -> None:
    for entry in row.rows("remarks"):
        person = stage.people[entry.text("from_person")]
        stage.remarks.append(
            Remark(
                about=stage.alliances[entry.text("about")],
                text=entry.text("text"),
                from_person=person,
                from_organisation=person.organisation,
                submitted_at=moment(entry.day("said_on"), 10, 5),
            )
        )
    Remark.objects.bulk_create(stage.remarks)


def _named_by_number(identifier: str, number: str) -> None:
    if identifier != number.lower():
        raise Contradiction(f"{identifier} has the number {number}")


def _agree(stage: Stage, circular_decisions: dict[str, str]) -> None:
    """Check what items and votes say of decisions against what the decisions say of them."""
    by_item = {stage.items[item].pk: stage.decisions[decision].pk for item, decision in stage.item_decisions.items()}
    found = {decision.agenda_item_id: decision.pk for decision in stage.decisions.values() if decision.agenda_item_id}
    if by_item != found:
        raise Contradiction(f"decisions of items: {by_item.items() ^ found.items()}")
    by_circular = {stage.circulars[vote].pk: stage.decisions[name].pk for vote, name in circular_decisions.items()}
    if by_circular != {row.circular_id: row.pk for row in stage.decisions.values() if row.circular_id}:
        raise Contradiction(f"decisions of votes by mail: {circular_decisions}")
