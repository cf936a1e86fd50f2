"""Who there is: topics, places, alliances with their rules, organisations, units, people and their memberships."""

from __future__ import annotations

from typing import Any

from buendnisse.config.demo.source import Contradiction, Row, file
from buendnisse.config.demo.stage import START, TODAY, Stage, slug
from buendnisse.enums import BodyKind, MailFormat, NamesRule, Office, OrganisationKind, Role
from buendnisse.german import WEEKDAYS
from buendnisse.models import (
    Alliance,
    Area,
    Body,
    Contact,
    DemoRole,
    FurtherAddress,
    Membership,
    Municipality,
    Organisation,
    Person,
    SharedMailbox,
    Topic,
    Unit,
    UnitHandover,
    Venue,
)

#: Kinds of bodies outside, all of which are one kind to us.
_OUTSIDE = frozenset({"kreistagsausschuss"})
_WHOLE_DISTRICT = "Haseland gesamt"
_BY_POST = "post"
#: Parts a visitor should be able to take that the files do not name.
_FURTHER_ROLES = (
    ("member", "p-overhage", "Mitglied (Berufsbildende Schulen)"),
    ("guest", "p-lahme", "Ständiger Gast (Verkehrsgesellschaft)"),
)


def load(stage: Stage) -> None:
    """Read organisations.yaml and people.yaml."""
    with file("organisations") as row:
        row.expect("reference_date", TODAY.isoformat())
        _topics(stage, row)
        areas = {name: Area.objects.create(name=name) for name in row.words("areas")}
        municipalities = _municipalities(row, areas)
        with row.part("rules") as part:
            rules = _rules(part)
        chairs = _alliances(stage, row, rules)
        belongs = _organisations(stage, row, municipalities)
        _outside(stage, row)
        _venues(stage, row)
    _relay_ways(stage)
    with file("people") as row:
        row.expect("reference_date", TODAY.isoformat())
        shared = _people(stage, row)
        _memberships(stage, row)
        _mailboxes(stage, row, shared)
        _contacts(stage, row, areas)
        _demo_roles(stage, row)
    _agree(stage, chairs, belongs)


def _topics(stage: Stage, row: Row) -> None:
    for topic in row.rows("topics"):
        identifier = topic.text("id")
        stage.topics[identifier] = Topic(slug=identifier, name=topic.text("name"))
    Topic.objects.bulk_create(stage.topics.values())


def _municipalities(row: Row, areas: dict[str, Area]) -> dict[str, Municipality]:
    found = [
        Municipality(
            name=entry.text("name"),
            area=areas[entry.text("area")],
            places=entry.words("places"),
        )
        for entry in row.rows("municipalities")
    ]
    return {entry.name: entry for entry in Municipality.objects.bulk_create(found)}


def _rules(row: Row) -> dict[str, Any]:
    """The rules all three alliances share, as fields of an Alliance."""
    with row.part("objection_quiet_period") as quiet:
        quiet_from, quiet_until = quiet.text("from"), quiet.text("until")
    return {
        "call_days": row.take("call_for_items_days_before"),
        "reminder_days": row.take("reminder_days_before"),
        "editorial_days": row.take("editorial_deadline_days_before"),
        "invitation_days": row.take("invitation_days_before"),
        "minimum_notice_days": row.take("minimum_notice_days"),
        "late_papers_days": row.take("late_documents_until_days_before"),
        "minutes_to_chair_days": row.take("minutes_to_chair_days_after"),
        "minutes_due_days": row.take("minutes_circulated_days_after"),
        "objection_days": row.take("objection_period_days"),
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "names_rule": NamesRule(row.text("minutes_names")),
        "quorum_rule": row.text("quorum"),
        "quorum_share": row.take("quorum_share"),
        "votes_per_organisation": row.take("votes_per_organisation"),
        "majority_rule": row.text("majority"),
        "deputy_rule": row.text("deputy"),
        "circular_days": row.take("circular_period_days"),
        "circular_rule": row.text("circular_objection"),
        "minutes_kind": row.text("minutes_kind"),
        "is_public": row.flag("public"),
    }


def _alliances(stage: Stage, row: Row, rules: dict[str, Any]) -> dict[str, str]:
    """The alliances; answers who chairs which. Their organisation is set when organisations are known."""
    chairs: dict[str, str] = {}
    for entry in row.rows("alliances"):
        identifier = entry.text("id")
        chairs[identifier] = entry.text("chair")
        stage.hosts[identifier] = entry.words("hosts")
        entry.expect("managing_organisation", "org-fachstelle")
        start, _, end = entry.text("default_time").partition("-")
        stage.alliances[identifier] = Alliance.objects.create(
            slug=identifier,
            kind=BodyKind.ALLIANCE,
            name=entry.text("name"),
            short_name=entry.text("short_name"),
            prefix=entry.text("prefix"),
            usual_weekday=WEEKDAYS.index(entry.text("default_weekday")),
            usual_nth=entry.take("default_nth"),
            usual_month=entry.take("default_month"),
            usual_start=start,
            usual_end=end,
            colour=entry.text("colour"),
            mandate=entry.text("mandate"),
            valid_from=entry.day("valid_from"),
            **rules,
        )
    return chairs


def _organisations(stage: Stage, row: Row, municipalities: dict[str, Municipality]) -> dict[str, set[str]]:
    """Organisations and units; answers which alliances each belongs to."""
    belongs: dict[str, set[str]] = {}
    parents: dict[str, str] = {}
    units: dict[str, dict[str, Any]] = {}
    for entry in row.rows("organisations"):
        identifier = entry.text("id")
        belongs[identifier] = set(entry.words("alliances"))
        if entry.has("parent"):
            parents[identifier] = entry.text("parent")
        municipality = entry.text("municipality")
        kind = OrganisationKind(entry.text("kind"))
        stage.organisations[identifier] = Organisation(
            slug=slug(identifier),
            name=entry.text("name"),
            short_name=entry.text("short_name"),
            kind=kind,
            place=entry.text("place"),
            municipality=municipalities[municipality] if municipality else None,
            email_domain=entry.text("email_domain"),
            is_voting=entry.flag("voting"),
            is_fictitious=entry.flag("fictitious"),
            note=entry.text("note"),
        )
        if kind == OrganisationKind.UNIT:
            units[identifier] = _unit_facts(entry)
    Organisation.objects.bulk_create(stage.organisations.values())
    for child, parent in parents.items():
        stage.organisations[child].parent = stage.organisations[parent]
    Organisation.objects.bulk_update(stage.organisations.values(), ["parent"])
    for identifier, facts in units.items():
        _unit(stage, identifier, facts)
    office = stage.organisations["org-fachstelle"]
    for alliance in stage.alliances.values():
        alliance.managing_organisation = office
        alliance.save(update_fields=["managing_organisation"])
    return belongs


def _unit_facts(entry: Row) -> dict[str, Any]:
    return {
        "programme": entry.text("programme"),
        "funder": entry.text("funder"),
        "topics": entry.words("topics"),
        "tasks": "\n".join(entry.words("tasks")),
        "valid_from": entry.maybe_day("valid_from"),
        "valid_until": entry.maybe_day("valid_until"),
        "successor": entry.text("successor"),
        "handovers": [(task.text("task"), task.text("organisation")) for task in entry.rows("tasks_taken_over_by")],
    }


def _unit(stage: Stage, identifier: str, facts: dict[str, Any]) -> None:
    organisation = stage.organisations[identifier]
    topics, handovers = facts.pop("topics"), facts.pop("handovers")
    successor = facts.pop("successor")
    unit = Unit.objects.create(
        slug=organisation.slug,
        kind=BodyKind.UNIT,
        name=organisation.name,
        short_name=organisation.short_name,
        note=organisation.note,
        organisation=organisation,
        successor=stage.organisations[successor] if successor else None,
        **facts,
    )
    unit.topics.set([stage.topics[topic] for topic in topics])
    UnitHandover.objects.bulk_create(
        UnitHandover(unit=unit, task=task, organisation=stage.organisations[taker]) for task, taker in handovers
    )
    stage.units[identifier] = unit


def _outside(stage: Stage, row: Row) -> None:
    for entry in row.rows("external_bodies"):
        identifier = entry.text("id")
        if (kind := entry.text("kind")) not in _OUTSIDE:
            raise Contradiction(f"{identifier}: unknown kind {kind!r}")
        stage.externals[identifier] = Body(
            slug=slug(identifier),
            kind=BodyKind.EXTERNAL,
            name=entry.text("name"),
            short_name=entry.text("short_name"),
            usual_dates=entry.text("usual_dates"),
            asked_by=entry.text("asked_by"),
            note=entry.text("note"),
        )
    Body.objects.bulk_create(stage.externals.values())


def _venues(stage: Stage, row: Row) -> None:
    for entry in row.rows("venues"):
        identifier = entry.text("id")
        stage.venues[identifier] = Venue(
            slug=slug(identifier),
            name=entry.text("name"),
            place=entry.text("place"),
            is_step_free=entry.flag("wheelchair_accessible"),
            has_hybrid_equipment=entry.flag("hybrid_equipment"),
            has_induction_loop=entry.flag("induction_loop"),
            parking=entry.text("parking"),
            door_contact=entry.text("door_contact"),
            note=entry.text("note"),
            bus_note=entry.text("bus_note"),
        )
    Venue.objects.bulk_create(stage.venues.values())


def _relay_ways(stage: Stage) -> None:
    """Alliances relay to one another, to units and to bodies outside."""
    for alliance in stage.alliances.values():
        alliance.may_relay_to.set(
            body
            for body in [
                *stage.alliances.values(),
                *stage.units.values(),
                *stage.externals.values(),
            ]
            if body.pk != alliance.pk
        )


def _people(stage: Stage, row: Row) -> set[str]:
    """People and their further addresses; answers who is said to share a mailbox."""
    shared: set[str] = set()
    greetings: dict[str, str] = {}
    addresses: list[FurtherAddress] = []
    for entry in row.rows("people"):
        identifier = entry.text("id")
        greetings[identifier] = entry.text("greeting")
        if entry.flag("shared_mailbox"):
            shared.add(identifier)
        person = _person(stage, entry, identifier)
        addresses += [
            FurtherAddress(
                person=person,
                address=address.text("address"),
                label=address.text("label"),
                gets_copy=address.flag("copy"),
            )
            for address in entry.rows("further_addresses")
        ]
        stage.people[identifier] = person
        if person.greeting != greetings[identifier]:
            raise Contradiction(f"{identifier}: {greetings[identifier]!r}")
    Person.objects.bulk_create(stage.people.values())
    FurtherAddress.objects.bulk_create(addresses)
    return shared


def _person(stage: Stage, entry: Row, identifier: str) -> Person:
    has_account = entry.flag("has_account")
    person = Person(
        handle=identifier,
        first_name=entry.text("first_name"),
        last_name=entry.text("last_name"),
        academic_title=entry.text("academic_title"),
        salutation=entry.text("salutation"),
        organisation=stage.organisations[entry.text("organisation")],
        function=entry.text("function"),
        email=entry.text("email"),
        phone=entry.text("phone"),
        postal_address=entry.text("postal_address"),
        office=Office(entry.text("office") or Office.NONE),
        may_sign_in=has_account,
        address_confirmed_at=START if has_account else None,
        digest=entry.text("digest"),
        mail_format=MailFormat(entry.text("mail_format")),
        active_until=entry.maybe_day("active_until"),
        is_fictitious=entry.flag("fictitious"),
        note=entry.text("note"),
    )
    person.set_unusable_password()
    entry.expect("contact", _BY_POST if person.mail_format == MailFormat.NONE else None)
    return person


def _memberships(stage: Stage, row: Row) -> None:
    for entry in row.rows("memberships"):
        successor = entry.text("successor")
        stage.memberships.append(
            Membership(
                body=stage.alliances[entry.text("alliance")],
                person=stage.people[entry.text("person")],
                organisation=stage.organisations[entry.text("organisation")],
                role=Role(entry.text("role")),
                is_voting=entry.flag("voting"),
                since=entry.day("since"),
                until=entry.maybe_day("until"),
                successor=stage.people[successor] if successor else None,
                note=entry.text("note"),
            )
        )
    Membership.objects.bulk_create(stage.memberships)


def _mailboxes(stage: Stage, row: Row, shared: set[str]) -> None:
    sharing: set[str] = set()
    for entry in row.rows("mailboxes"):
        people = entry.words("shared_by")
        mailbox = SharedMailbox.objects.create(address=entry.text("address"), note=entry.text("note"))
        mailbox.people.set([stage.people[person] for person in people])
        sharing |= set(people)
    if sharing != shared:
        raise Contradiction(f"shared mailboxes: {sharing ^ shared}")


def _contacts(stage: Stage, row: Row, areas: dict[str, Area]) -> None:
    contacts = []
    for number, entry in enumerate(row.rows("contacts"), start=1):
        entry.expect("id", f"k-{number:02d}")
        area = entry.text("area")
        contacts.append(
            Contact(
                person=stage.people[entry.text("person")],
                topic=stage.topics[entry.text("topic")],
                area=None if area == _WHOLE_DISTRICT else areas[area],
                phone=entry.text("phone"),
                email=entry.text("email"),
            )
        )
    Contact.objects.bulk_create(contacts)


def _demo_roles(stage: Stage, row: Row) -> None:
    told = [(entry.text("code"), entry.text("person"), entry.text("label")) for entry in row.rows("demo_roles")]
    DemoRole.objects.bulk_create(
        [
            DemoRole(code=code, person=stage.people[person], label=label, position=position)
            for position, (code, person, label) in enumerate([*told, *_FURTHER_ROLES], start=1)
        ]
    )


def _agree(stage: Stage, chairs: dict[str, str], belongs: dict[str, set[str]]) -> None:
    """Check what the files say twice: who chairs an alliance, and which organisations belong to it."""
    for identifier, alliance in stage.alliances.items():
        found = {
            membership.person.handle for membership in stage.members(alliance, TODAY) if membership.role == Role.CHAIR
        }
        if found != {chairs[identifier]}:
            raise Contradiction(f"{identifier}: chaired by {found}")
    for identifier, organisation in stage.organisations.items():
        found = {
            membership.body.slug for membership in stage.memberships if membership.organisation_id == organisation.pk
        }
        if found != belongs[identifier]:
            raise Contradiction(f"{identifier}: belongs to {found}")
