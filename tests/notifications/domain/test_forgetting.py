"""People who left more than 24 months ago become their function."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.domain import api_tokens, journal, links
from buendnisse.enums import LinkPurpose, Office, Role
from buendnisse.models import AccessLink, ApiToken, Change, Contact, FurtherAddress, Membership, Person, Topic, Unit
from meetings.domain import action_items, decisions, merging, minutes, session
from meetings.enums import Presence
from meetings.models import Attendance, Decision, MinutesVersion, Notice
from notifications.domain import outbox, retention, ring
from notifications.enums import MailKind, OutboxState, RingStep
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, MeetingFactory
from tests.meetings import held
from tests.world import World, build

pytestmark = pytest.mark.django_db

LEFT = dt.date(2026, 12, 31)
LAST = dt.datetime(2028, 12, 31, 8, tzinfo=dt.UTC)  # 24 months later to the day
OVER = LAST + dt.timedelta(days=1)


def leave(person: Person) -> None:
    Membership.objects.filter(person=person).update(until=LEFT)


@pytest.fixture
def cast() -> World:
    return build()


def forgotten() -> set[int]:
    return set(Person.objects.filter(forgotten_at__isnull=False).values_list("pk", flat=True))


def test_name_is_kept_for_24_months_to_the_day(cast: World) -> None:
    leave(cast.susanne)

    done = [retention.forget_people(at=at) for at in (LAST, OVER, OVER)]

    assert (done, forgotten()) == ([0, 1, 0], {cast.susanne.pk})


def test_person_who_cannot_be_forgotten_holds_nobody_back(cast: World, caplog: pytest.LogCaptureFixture) -> None:
    people = sorted([cast.birgit, cast.susanne], key=lambda person: person.pk)
    for person in people:
        leave(person)
    Person.objects.filter(pk=cast.sven.pk).update(handle=f"former-{people[0].pk}")  # the handle to come is taken

    rung = ring.ring(at=OVER)

    assert (rung.failed, forgotten()) == ([RingStep.PEOPLE], {people[1].pk})
    assert Person.objects.get(pk=people[0].pk).full_name == people[0].full_name
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [f"person {people[0].pk} could not be forgotten"]

    Person.objects.filter(pk=cast.sven.pk).update(handle="sven")
    assert (retention.forget_people(at=OVER), forgotten()) == (1, {person.pk for person in people})


def test_many_who_cannot_be_forgotten_hold_nobody_back(cast: World) -> None:
    people = [cast.birgit, cast.susanne, *(PersonFactory(active_until=LEFT) for _number in range(11))]
    for person in people[:2]:
        leave(person)
    spoilt = sorted(person.pk for person in people)[:11]
    for number in spoilt:
        PersonFactory(handle=f"former-{number}")

    with pytest.raises(retention.Unforgotten) as kept:
        retention.forget_people(at=OVER)

    assert (kept.value.done, forgotten()) == (2, {person.pk for person in people} - set(spoilt))


def test_everything_personal_goes(cast: World) -> None:
    person = cast.birgit
    Person.objects.filter(pk=person.pk).update(phone="00000 1", postal_address="Weg 1", function="Leitung", note="x")
    FurtherAddress.objects.create(person=person, address="vorzimmer@jobcenter.example")
    Contact.objects.create(person=person, topic=Topic.objects.create(slug="arbeit", name="Arbeit"))
    links.grant(person, purpose=LinkPurpose.SETTINGS, until=OVER + dt.timedelta(days=9), at=LAST)
    api_tokens.issue(person, name="Kreisportal", by=cast.imke, at=LAST)
    sent = outbox.write(kind=MailKind.DIGEST, person=person, occasion="x", at=LAST)
    OutboxMessage.objects.filter(pk=sent and sent.pk).update(state=OutboxState.SENT, to_address=person.email)
    leave(person)
    Person.objects.filter(pk=person.pk).update(active_until=LEFT)

    assert retention.forget_people(at=OVER) == 1

    stored = Person.objects.get(pk=person.pk)
    assert (stored.full_name, stored.formal_name, stored.greeting) == (
        "ehemaliger Vorsitz",
        "ehemaliger Vorsitz",
        "Guten Tag ehemaliger Vorsitz",
    )
    assert {stored.email, stored.phone, stored.postal_address, stored.function, stored.note} == {""}
    assert (stored.may_sign_in, stored.gets_mail, stored.organisation) == (False, False, person.organisation)
    for model in (FurtherAddress, Contact, AccessLink, ApiToken, OutboxMessage):
        assert not model._default_manager.exists()
    assert list(Change.objects.filter(verb="person.forgotten").values_list("subject_id", "by", "data")) == [
        (person.pk, None, {})
    ]


@pytest.mark.parametrize(
    ("role", "name"), [(Role.DEPUTY, "ehemalige Stellvertretung"), (Role.GUEST, "ehemaliger Gast")]
)
def test_function_is_the_last_one(cast: World, role: Role, name: str) -> None:
    leave(cast.susanne)
    Membership.objects.filter(person=cast.susanne).update(role=role)

    retention.forget_people(at=OVER)

    assert Person.objects.get(pk=cast.susanne.pk).full_name == name


def keep_member(now: held.Held) -> None:
    Membership.objects.filter(person=now.world.susanne, body=now.world.bildung).update(until=None)


def keep_office(now: held.Held) -> None:
    Person.objects.filter(pk=now.world.susanne.pk).update(office=Office.READER)


def keep_task(now: held.Held) -> None:
    ActionItemFactory(agenda_item=now.bus, owner=now.world.susanne)


def keep_topic(now: held.Held) -> None:
    AgendaItemFactory(meeting=None, alliance=now.world.arbeit, state="backlog", proposer=now.world.susanne, position=0)


def keep_meeting(now: held.Held) -> None:
    later = MeetingFactory(
        alliance=now.world.gesellschaft,
        start=dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 1, 1, 11, tzinfo=dt.UTC),
    )
    Attendance.objects.create(
        meeting=later, person=now.world.susanne, organisation=now.world.susanne.organisation, role=Role.GUEST
    )


def keep_mail(now: held.Held) -> None:
    outbox.write(kind=MailKind.DIGEST, person=now.world.susanne, occasion="x", at=OVER)


def keep_act(now: held.Held) -> None:
    journal.record("x", now.world.susanne, at=LAST, by=now.world.susanne)


def keep_visit(now: held.Held) -> None:
    Person.objects.filter(pk=now.world.susanne.pk).update(last_looked_at=LAST)


def keep_contact(now: held.Held) -> None:
    Contact.objects.create(person=now.world.susanne, topic=Topic.objects.create(slug="arbeit", name="Arbeit"))


def keep_unit(now: held.Held) -> None:
    organisation = now.world.susanne.organisation
    Unit.objects.create(
        slug="kmt", kind="unit", name="KMT", short_name="KMT", organisation=organisation, programme="x", funder="y"
    )


def keep_notice(now: held.Held) -> None:
    Notice.objects.create(
        text="Neu.",
        valid_until=OVER.date(),
        from_person=now.world.susanne,
        from_organisation=now.world.susanne.organisation,
        submitted_at=held.AT,
    )


@pytest.mark.parametrize(
    "keep",
    [
        keep_member, keep_office, keep_task, keep_topic, keep_meeting,
        keep_mail, keep_act, keep_visit, keep_contact, keep_notice, keep_unit,
    ],
)  # fmt: skip
def test_whoever_is_still_here_or_has_something_open_stays(keep: Any) -> None:
    now = held.running()
    leave(now.world.susanne)
    keep(now)

    retention.forget_people(at=OVER)

    assert now.world.susanne.pk not in forgotten()


def test_stranger_of_whom_no_leaving_is_known_stays(cast: World) -> None:
    assert retention.forget_people(at=OVER) == 0
    assert Person.objects.get(pk=cast.sven.pk).full_name == "Sven Fremd"


def test_minutes_say_the_function_and_keep_vote_and_decision() -> None:
    now = held.running()
    imke = now.world.imke
    for name in ("birgit", "susanne"):
        session.record_presence(now.row(name), presence=Presence.PRESENT, by=imke, at=held.AT)
    text = "Frau Overhage berichtet. Der Raum kommt von Susanne Overhage."
    session.record_result(now.bus, result=text, version=1, by=imke, at=held.AT)
    decisions.adopt(now.bus, kind="consensus", text="Susanne Overhage fragt an.", by=imke, at=held.AT)
    due_on = dt.date(2026, 12, 1)
    task = action_items.assign(
        now.bus, owner=now.world.susanne, task="Raum anfragen", due_on=due_on, by=imke, at=held.AT
    )
    session.finish(now.meeting, by=imke, at=held.AT)
    minutes.circulate(now.minutes, by=imke, at=held.LATER, reason="eilig")
    action_items.report(task, state="done", words="", version=1, by=now.world.susanne, at=held.LATER)
    leave(now.world.susanne)
    votes = Attendance.objects.filter(casts_vote=True).count()

    retention.forget_people(at=OVER)

    content = MinutesVersion.objects.get().content
    bus = content["items"][1]
    assert bus["presenter"] == "Ehemaliges Mitglied, BBS"
    assert bus["result"] == "Ehemaliges Mitglied berichtet. Der Raum kommt von ehemaliges Mitglied."
    assert bus["decisions"][0]["text"] == Decision.objects.get().text == "Ehemaliges Mitglied fragt an."
    assert bus["tasks"][0]["owner"] == "Ehemaliges Mitglied"
    assert {row["name"] for row in content["attendance"]} == {"Birgit Hanneken", "Ehemaliges Mitglied"}
    assert "Overhage" not in str(content)
    assert (Attendance.objects.filter(casts_vote=True).count(), votes) == (2, 2)


def test_name_another_person_shares_is_not_taken_from_them() -> None:
    now = held.over()
    other = PersonFactory(first_name="Maria", last_name="Overhage")
    session.record_result(
        now.bus, result="Frau Overhage und Maria Overhage berichten.", version=2, by=now.world.imke, at=held.AT
    )
    leave(now.world.susanne)

    retention.forget_people(at=OVER)

    now.bus.refresh_from_db()
    assert now.bus.result == "Frau Overhage und Maria Overhage berichten."
    assert Person.objects.get(pk=other.pk).full_name == "Maria Overhage"


def test_a_double_is_forgotten_after_its_person_and_takes_no_name_from_them_before() -> None:
    now = held.over()
    susanne = now.world.susanne
    double = PersonFactory(first_name="Susanne", last_name="Overhage", organisation=susanne.organisation)
    merging.merge(double, into=susanne, by=now.world.imke, at=held.AT)
    session.record_result(now.bus, result="Frau Overhage berichtet.", version=2, by=now.world.imke, at=held.AT)

    assert (retention.forget_people(at=OVER), forgotten()) == (0, set())

    leave(susanne)
    assert [retention.forget_people(at=OVER) for _ring in range(3)] == [1, 1, 0]
    assert forgotten() == {susanne.pk, double.pk}
    now.bus.refresh_from_db()
    assert now.bus.result == "Ehemaliges Mitglied berichtet."
