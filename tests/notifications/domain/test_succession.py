"""Somebody goes, somebody follows: seats, tasks, points, calendars of both, letters; looked at before, taken back after."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from buendnisse.domain import addresses, memberships
from buendnisse.enums import Role
from buendnisse.models import Change, Contact, Membership, Person, Topic
from meetings.domain import answers, deputies, joining, succession
from meetings.domain.succession import SuccessionRefused, Wish
from meetings.models import ActionItem, AgendaItem, Attendance, DeputyRequest, Meeting
from notifications.domain import dispatch, render, ring, succession_outlook
from notifications.enums import OutboxState
from notifications.models import Invitation, OutboxMessage
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory, UnitFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory
from tests.notifications import snapshots
from tests.notifications.stories import people
from tests.notifications.stories.scenes import MINUTE, SOON, invited, row_of
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relay")]

THEN = SOON + MINUTE


@pytest.fixture
def cast() -> World:
    return world.build()


def sent(at: dt.datetime) -> list[tuple[str, str]]:
    ring.ring(at=at)
    rows = OutboxMessage.objects.filter(state=OutboxState.SENT, sent_at=at).order_by("person__last_name", "kind")
    return list(rows.values_list("person__last_name", "kind"))


def seats(person: Person) -> list[tuple[str, str, dt.date, dt.date | None, bool]]:
    rows = person.memberships.order_by("body__slug", "since")
    return list(rows.values_list("body__slug", "role", "since", "until", "is_voting"))


def as_it_stands() -> dict[str, Any]:
    """What a succession touches."""
    return {
        "seats": set(Membership.objects.values_list("person", "body", "role", "since", "until", "is_voting")),
        "asked": set(Attendance.objects.filter(is_asked=True).values_list("meeting", "person", "answer")),
        "tasks": set(ActionItem.objects.values_list("pk", "owner", "organisation", "handed_over_from")),
        "items": set(AgendaItem.objects.values_list("pk", "presenter")),
        "left": set(Person.objects.exclude(active_until=None).values_list("pk", "active_until")),
    }


def test_everything_passes_on_and_both_are_told(cast: World) -> None:
    heir = people.follow(cast, at=THEN)

    last, first = people.LAST_DAY, people.LAST_DAY + dt.timedelta(days=1)
    begun = dt.date(2025, 1, 1)
    assert seats(cast.susanne) == [("arbeit", "member", begun, last, True), ("bildung", "member", begun, last, True)]
    assert seats(heir) == [("arbeit", "member", first, None, True), ("bildung", "member", first, None, True)]
    action, item = ActionItem.objects.get(), AgendaItem.objects.get(title="Praktika")
    assert (action.owner, action.handed_over_from, item.presenter) == (heir, cast.susanne, heir)
    assert sent(THEN + 2 * MINUTE) == [
        ("Ahlers", "invitation"),
        ("Ahlers", "welcome"),
        ("Overhage", "farewell"),
        ("Overhage", "uninvited"),
    ]
    entries = dict(Invitation.objects.values_list("person__last_name", "last_method"))
    assert (entries["Overhage"], entries["Ahlers"]) == ("CANCEL", "REQUEST")
    for kind in ("welcome", "farewell", "uninvited"):
        message = OutboxMessage.objects.get(kind=kind)
        text = (
            message_from_bytes(bytes(message.payload or b""), policy=SMTP)
            .get_body(("plain",))
            .get_content()
            .replace("\r\n", "\n")
        )  # type: ignore[union-attr]
        snapshots.check(f"succession_{kind}", f"{message.subject}\n\n{text}")


def test_preview_tells_the_same_and_changes_nothing(cast: World) -> None:
    meeting = invited(cast)
    heir = PersonFactory(first_name="Kai", last_name="Ahlers", organisation=cast.susanne.organisation)
    rows = list(cast.susanne.memberships.select_related("body").order_by("body_id"))
    wish = Wish(heir, dt.date(2026, 12, 31), rows, leaves=True)
    UnitFactory(name="Brücke Nord", organisation=cast.susanne.organisation, contact=cast.susanne)
    Contact.objects.create(person=cast.susanne, topic=Topic.objects.create(slug="sprache", name="Sprache"))
    before, changes = as_it_stands(), Change.objects.count()

    found = succession_outlook.look_ahead(cast.susanne, make=lambda: wish, by=cast.imke, at=THEN)

    assert (as_it_stands(), Change.objects.count()) == (before, changes)
    assert [(mail.name, mail.in_calendar) for mail in found.mails] == [
        ("Susanne Overhage", "nimmt den Termin heraus"),
        ("Kai Ahlers", "trägt den Termin ein"),
        ("Susanne Overhage", ""),
        ("Kai Ahlers", ""),
    ]
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in found.changes[-3:]] == [
        "Susanne Overhage ist am 11. Februar 2027 (Arbeit) nicht mehr eingeladen.",
        "Kai Ahlers ist am 11. Februar 2027 (Arbeit) eingeladen.",
        "Susanne Overhage gilt danach als ausgeschieden.",
    ]
    assert found.stays_named == [
        "Susanne Overhage ist Ansprechperson der Stelle „Brücke Nord“. Bitte wählen Sie dort jemand anderen.",
        "Susanne Overhage ist Ansprechperson für „Sprache“. Bitte tragen Sie dort jemand anderen ein.",
    ]
    assert meeting.pk in {one.meeting_id for one in Attendance.objects.filter(person=cast.susanne, is_asked=True)}


@pytest.mark.parametrize("is_written", [False, True])
def test_taken_back_leaves_everything_as_it_was_and_nobody_hears(cast: World, is_written: bool) -> None:
    invited(cast)
    heir = PersonFactory(organisation=cast.susanne.organisation)
    before = as_it_stands()
    wish = Wish(heir, people.LAST_DAY, list(cast.susanne.memberships.select_related("body")), leaves=True)
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)
    if is_written:
        dispatch.fan_out(at=THEN)

    succession_outlook.take_back(cast.susanne, by=cast.imke, at=THEN + MINUTE / 2)

    assert as_it_stands() == before
    assert sent(THEN + 3 * MINUTE) == []
    with pytest.raises(SuccessionRefused, match="gerade keine Nachfolge"):
        succession_outlook.take_back(cast.susanne, by=cast.imke, at=THEN + MINUTE)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (1, "Einige Ihrer offenen Aufgaben gehen mit. Die anderen bleiben bei Ihnen. Einladungen"),
        (2, "Ihre offenen Aufgaben gehen mit. Sie müssen nichts mehr tun. Einladungen"),
    ],
)
def test_the_farewell_says_whether_all_tasks_go_along(cast: World, passed: int, said: str) -> None:
    item = AgendaItemFactory(meeting__alliance=cast.arbeit)
    tasks = ActionItemFactory.create_batch(2, agenda_item=item, owner=cast.susanne)
    seats = list(cast.susanne.memberships.select_related("body"))
    wish = Wish(PersonFactory(organisation=cast.susanne.organisation), people.LAST_DAY, seats, tasks=tasks[:passed])
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)
    dispatch.fan_out(at=THEN)

    message = OutboxMessage.objects.get(kind="farewell")
    assert said in " ".join(render.render(message, at=THEN).text.split())


def test_the_welcome_names_others_only_where_others_read_the_mailbox(cast: World) -> None:
    """Also where two were entered under one address before it was kept as shared, and where one has left it since."""
    heir, other = PersonFactory.create_batch(2, organisation=cast.susanne.organisation, email="amt@bbs.example")
    wish = Wish(heir, people.LAST_DAY, list(cast.susanne.memberships.select_related("body")))
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)
    dispatch.fan_out(at=THEN)
    message = OutboxMessage.objects.get(kind="welcome")

    said = "Dieses Postfach lesen mehrere Personen."
    assert said in render.render(message, at=THEN).text
    addresses.change(other, email="allein@bbs.example", version=1, by=cast.imke, at=THEN)
    assert said not in render.render(message, at=THEN).text


@pytest.mark.parametrize("was_sent", [False, True])
def test_taken_back_the_question_to_stand_in_stands_and_is_asked_once(cast: World, was_sent: bool) -> None:
    meeting = invited(cast)
    kai = {"first_name": "Kai", "last_name": "Ahlers", "email": "kai@verein.example"}
    request = deputies.ask(row_of(meeting, cast), **kai, via="web", by=cast.susanne, at=SOON)
    if was_sent:
        ring.ring(at=SOON + MINUTE)
    seats = list(cast.susanne.memberships.select_related("body"))
    wish = Wish(PersonFactory(organisation=cast.susanne.organisation), people.LAST_DAY, seats)
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN + MINUTE)
    dispatch.fan_out(at=THEN + MINUTE)
    assert not DeputyRequest.objects.open().exists()

    succession_outlook.take_back(cast.susanne, by=cast.imke, at=THEN + MINUTE)
    ring.ring(at=THEN + 3 * MINUTE)

    assert DeputyRequest.objects.open().get() == request  # type: ignore[comparison-overlap]
    mails = OutboxMessage.objects.filter(kind__startswith="deputy", state=OutboxState.SENT)
    assert list(mails.values_list("person", "kind")) == [(request.person_id, "deputy_asked")]


def test_what_has_left_cannot_be_taken_back(cast: World) -> None:
    people.follow(cast, at=THEN)
    assert succession_outlook.may_be_taken_back(cast.susanne, at=THEN) is not None
    sent(THEN + 2 * MINUTE)
    after = as_it_stands()

    assert succession_outlook.may_be_taken_back(cast.susanne, at=THEN) is None
    with pytest.raises(SuccessionRefused, match="schon unterwegs"):
        succession_outlook.take_back(cast.susanne, by=cast.imke, at=THEN + 3 * MINUTE)
    assert as_it_stands() == after


def test_the_deputy_takes_over_the_seat_and_then_the_chair(cast: World) -> None:
    seat, chair = cast.susanne.memberships.get(body=cast.arbeit), cast.birgit.memberships.get()
    later = people.LAST_DAY + dt.timedelta(days=90)
    succession.settle(cast.susanne, wish=Wish(cast.rolf, people.LAST_DAY, [seat]), by=cast.imke, at=THEN)
    succession.settle(cast.birgit, wish=Wish(cast.rolf, later, [chair]), by=cast.imke, at=THEN)

    assert [(role, until, votes) for _body, role, _since, until, votes in seats(cast.rolf)] == [
        (Role.DEPUTY, people.LAST_DAY, False),
        (Role.MEMBER, later, True),
        (Role.CHAIR, None, True),
    ]


def test_the_successor_of_a_deputy_stands_in_and_is_asked(cast: World) -> None:
    member = row_of(invited(cast), cast)
    answers.name_deputy(member, person=cast.rolf, via="web", by=cast.susanne, at=SOON)
    heir = PersonFactory(organisation=cast.rolf.organisation)
    before = as_it_stands()
    wish = Wish(heir, people.LAST_DAY, list(cast.rolf.memberships.select_related("body")))

    succession.settle(cast.rolf, wish=wish, by=cast.imke, at=THEN)
    assert answers.deputy_of(member).person == heir  # type: ignore[union-attr]
    succession_outlook.take_back(cast.rolf, by=cast.imke, at=THEN)
    assert as_it_stands() == before


def test_a_member_without_higher_rank_keeps_the_seat(cast: World) -> None:
    sitting = MembershipFactory(body=cast.arbeit, person=PersonFactory())
    seat = cast.susanne.memberships.get(body=cast.arbeit)

    succession.settle(cast.susanne, wish=Wish(sitting.person, people.LAST_DAY, [seat]), by=cast.imke, at=THEN)

    assert [row[1:4] for row in seats(sitting.person)] == [(Role.MEMBER, sitting.since, None)]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "oneself": ({"successor": "susanne"}, "Niemand folgt auf sich selbst"),
    "nothing chosen": ({"memberships": []}, "wählen Sie aus, was endet"),
    "ends before it begins": ({"last_day": dt.date(2024, 1, 1)}, "liegt vor dem ersten"),
}


def test_who_leaves_gives_up_every_seat(cast: World) -> None:
    seat, before = cast.susanne.memberships.get(body=cast.arbeit), as_it_stands()
    wish = Wish(cast.sven, people.LAST_DAY, [seat], leaves=True)

    with pytest.raises(SuccessionRefused, match="gehört noch zu Arbeitsbündnis Bildung"):
        succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)
    assert as_it_stands() == before
    cast.susanne.memberships.filter(body=cast.bildung).update(until=people.LAST_DAY)
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)


def test_only_within_a_day_even_if_no_mail_has_left(cast: World) -> None:
    seats = list(cast.susanne.memberships.select_related("body"))
    succession.settle(cast.susanne, wish=Wish(cast.sven, people.LAST_DAY, seats), by=cast.imke, at=THEN)
    later = THEN + joining.TAKEN_BACK_WITHIN

    assert succession_outlook.may_be_taken_back(cast.susanne, at=later) is None
    with pytest.raises(SuccessionRefused, match="gerade keine Nachfolge"):
        succession_outlook.take_back(cast.susanne, by=cast.imke, at=later)


def test_what_went_on_to_a_third_person_stays_there(cast: World) -> None:
    meeting = invited(cast)
    item = AgendaItemFactory(meeting=meeting, presenter=cast.birgit, state="scheduled")
    wish = Wish(cast.sven, people.LAST_DAY, list(cast.birgit.memberships.select_related("body")), items=[item])
    succession.settle(cast.birgit, wish=wish, by=cast.imke, at=THEN)
    led = Meeting.objects.get()
    assert (led.chair, led.version) == (cast.sven, meeting.version + 1)
    Meeting.objects.update(chair=cast.rolf)
    AgendaItem.objects.update(presenter=cast.rolf)

    succession_outlook.take_back(cast.birgit, by=cast.imke, at=THEN + MINUTE / 2)
    assert (Meeting.objects.get().chair, AgendaItem.objects.get(pk=item.pk).presenter) == (cast.rolf, cast.rolf)


def test_a_chair_handed_back_is_seen_by_who_edits_the_meeting(cast: World) -> None:
    meeting = invited(cast)
    seats = list(cast.birgit.memberships.select_related("body"))
    succession.settle(cast.birgit, wish=Wish(cast.sven, people.LAST_DAY, seats), by=cast.imke, at=THEN)
    succession_outlook.take_back(cast.birgit, by=cast.imke, at=THEN + MINUTE / 2)

    led = Meeting.objects.get()
    assert (led.chair, led.version) == (cast.birgit, meeting.version + 2)


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_clear_sentence_and_nothing_changed(cast: World, case: str) -> None:
    given, sentence = REFUSED[case]
    whom = getattr(cast, given.get("successor", "sven"))
    rows = given.get("memberships", list(cast.susanne.memberships.select_related("body")))
    wish = Wish(whom, given.get("last_day", people.LAST_DAY), rows)
    before = as_it_stands()

    with pytest.raises((SuccessionRefused, memberships.MembershipRefused), match=sentence):
        succession.settle(cast.susanne, wish=wish, by=cast.imke, at=THEN)
    assert as_it_stands() == before
