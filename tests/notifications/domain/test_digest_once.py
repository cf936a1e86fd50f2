"""A letter with news tells nothing that its reader had by a mail of her own, and asks nothing that such a mail asked."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Body, Change, Person
from meetings.domain import planning, relay
from meetings.enums import CircularState, Happened, MinutesState
from meetings.models import ActionItem, AgendaItem, Attendance, CircularVote, Meeting, Minutes
from notifications.domain import digest, invitations, render
from notifications.domain.letter import NothingToSay
from notifications.domain.ring import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage
from tests.factories.buendnisse import MembershipFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

MONDAY = automatic_mail_time(dt.date(2026, 11, 30))
WEEK = dt.timedelta(days=7)
IN_BETWEEN = AT + dt.timedelta(days=2)
_numbers = itertools.count()


@pytest.fixture
def scene() -> Scene:
    """The installation has seen its first Monday, so that the next one is told."""
    made = set_scene()
    digest.write(at=AT)
    return made


def letters(at: dt.datetime = MONDAY) -> dict[str, str]:
    """What each person reads on that Monday, subject and text in one line."""
    digest.write(at=at)
    rows = OutboxMessage.objects.filter(kind=MailKind.DIGEST, created_at=at).select_related("person__organisation")
    found = {}
    for one in rows:
        mail = render.render(one, at=at)
        found[one.person.handle] = " ".join(f"{mail.subject} {mail.text}".replace("\xa0", " ").split())
    return found


def happened(
    verb: Happened, thing: AgendaItem | CircularVote | Minutes | Meeting, body: Body, at: dt.datetime = IN_BETWEEN
) -> Change:
    with transaction.atomic():
        return journal.record(verb, thing, at=at, by=None, via=Via.WEB, body=body)


def mail(
    person: Person,
    kind: MailKind,
    *,
    of: Change | None = None,
    on: dt.datetime = IN_BETWEEN,
    state: OutboxState = OutboxState.SENT,
    matter: str = "",
    **data: object,
) -> OutboxMessage:
    """A mail of one's own that left then, or is in that state since."""
    return OutboxMessage.objects.create(
        kind=kind,
        person=person,
        occasion=f"{kind}:{of.pk if of else f'x{next(_numbers)}'}",
        matter=matter,
        data=data,
        state=state,
        created_at=on,
        not_before=on,
        sent_at=on if state == OutboxState.SENT else None,
    )


def new_topic(scene: Scene, title: str = "Schichtfahrgemeinschaften", at: dt.datetime = IN_BETWEEN) -> AgendaItem:
    item: AgendaItem = AgendaItemFactory(meeting=scene.arbeit_march, title=title, state="accepted")
    happened(Happened.ITEM_ACCEPTED, item, scene.cast.arbeit, at)
    return item


def asked_to_come(scene: Scene) -> Change:
    """Susanne is invited to 3 December."""
    person = scene.cast.susanne
    Attendance.objects.create(
        meeting=scene.arbeit_december, person=person, organisation=person.organisation, role="member"
    )
    return happened(Happened.MEETING_INVITED, scene.arbeit_december, scene.cast.arbeit)


def task_of(scene: Scene, due_on: dt.date) -> ActionItem:
    item = AgendaItemFactory(meeting=scene.bildung_november)
    made: ActionItem = ActionItemFactory(agenda_item=item, owner=scene.cast.susanne, due_on=due_on)
    return made


def reminded(task: ActionItem, reason: str, *, on: dt.datetime, state: OutboxState = OutboxState.SENT) -> OutboxMessage:
    about = {"only": [task.pk], "about": f"{task.due_on}.{reason}"}
    return mail(task.owner, MailKind.TASK_REMINDER, on=on, state=state, matter=f"task:{task.pk}", **about)


# --- Told once ------------------------------------------------------------------------------------


def test_minutes_that_came_by_mail_are_no_news(scene: Scene) -> None:
    minutes = Minutes.objects.create(meeting=scene.bildung_november, state=MinutesState.CIRCULATED)
    change = happened(Happened.MINUTES_CIRCULATED, minutes, scene.cast.bildung)
    mail(scene.cast.susanne, MailKind.MINUTES, of=change)

    found = letters()
    assert "susanne" not in found
    assert "(B-2026-02)" in found["hedwig"]  # who sits elsewhere reads what was agreed


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.SUPERSEDED])
def test_minutes_that_did_not_come_or_were_not_wanted_are_told(scene: Scene, state: OutboxState) -> None:
    minutes = Minutes.objects.create(meeting=scene.bildung_november, state=MinutesState.CIRCULATED)
    change = happened(Happened.MINUTES_CIRCULATED, minutes, scene.cast.bildung)
    mail(scene.cast.susanne, MailKind.MINUTES, of=change, state=state)

    assert "Das Protokoll vom 11. November ist da." in letters()["susanne"]


def test_agenda_and_question_that_came_by_mail_make_no_letter(scene: Scene) -> None:
    change = asked_to_come(scene)
    mail(scene.cast.susanne, MailKind.AGENDA, of=change, matter=invitations.matter(scene.arbeit_december.pk))

    assert "susanne" not in letters()


def test_result_of_a_vote_is_told_by_its_mail_alone(scene: Scene) -> None:
    vote = CircularVote.objects.create(
        number="U-A-2026-01",
        alliance=scene.cast.arbeit,
        subject="Logo für den Flyer",
        text="Wir nehmen das zweite Logo.",
        opened_on=dt.date(2026, 11, 10),
        closes_on=dt.date(2026, 11, 25),
        state=CircularState.ADOPTED,
    )
    change = happened(Happened.CIRCULAR_CLOSED, vote, scene.cast.arbeit)
    mail(scene.cast.susanne, MailKind.BALLOT_RESULT, of=change)

    found = letters()
    assert ("susanne" in found, "Abstimmung per E-Mail „Logo für den Flyer“: angenommen." in found["birgit"]) == (
        False,
        True,
    )


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.STOPPED])
def test_dates_of_a_year_are_told_by_their_mail_or_held_back_with_it(scene: Scene, state: OutboxState) -> None:
    with transaction.atomic():
        journal.record(
            Happened.MEETING_CONFIRMED,
            scene.arbeit_march,
            at=IN_BETWEEN,
            by=None,
            body=scene.cast.arbeit,
            data={"plan": 7},
        )
    mail(scene.cast.susanne, MailKind.SAVE_THE_DATE, state=state, on=IN_BETWEEN + dt.timedelta(minutes=1), plan=7)

    found = letters()
    assert "susanne" not in found
    assert "Der Termin steht: Donnerstag, 11. März 2027" in found["birgit"]


def test_mail_that_a_later_one_replaced_counts_by_that(scene: Scene) -> None:
    change = happened(Happened.MEETING_CONFIRMED, scene.arbeit_march, scene.cast.arbeit)
    matter = invitations.matter(scene.arbeit_march.pk)
    mail(scene.cast.susanne, MailKind.INVITATION, of=change, state=OutboxState.SUPERSEDED, matter=matter)
    mail(scene.cast.susanne, MailKind.AGENDA, matter=matter)

    assert "susanne" not in letters()


# --- Asked once -----------------------------------------------------------------------------------


def test_reminder_of_the_same_morning_asks_alone(scene: Scene) -> None:
    """A meeting on a Thursday is reminded of on a Monday, at the minute of the letter."""
    change = asked_to_come(scene)
    matter = invitations.matter(scene.arbeit_december.pk)
    mail(scene.cast.susanne, MailKind.AGENDA, of=change, matter=matter)
    Invitation.objects.create(
        meeting=scene.arbeit_december,
        person=scene.cast.susanne,
        uid="uid@x.example",
        created_at=AT - WEEK,
        last_method="REQUEST",
        last_frozen_at=AT - WEEK,
    )
    new_topic(scene)
    ring(at=MONDAY, send=False)

    mine = OutboxMessage.objects.filter(person=scene.cast.susanne, created_at=MONDAY)
    letter = render.render(mine.select_related("person__organisation").get(kind=MailKind.DIGEST), at=MONDAY)
    assert sorted(mine.values_list("kind", flat=True)) == [MailKind.ANSWER_REMINDER, MailKind.DIGEST]
    assert ("Kommen Sie" in letter.text, "Schichtfahrgemeinschaften" in letter.text) == (False, True)


def test_letter_that_had_nothing_but_the_question_of_a_reminder_is_not_sent(scene: Scene) -> None:
    asked_to_come(scene)
    digest.write(at=MONDAY)
    (letter,) = OutboxMessage.objects.filter(kind=MailKind.DIGEST, person=scene.cast.susanne)
    about = {"about": scene.arbeit_december.start.isoformat()}
    change = Change.objects.get(verb=Happened.MEETING_INVITED)
    mail(scene.cast.susanne, MailKind.AGENDA, of=change)
    matter = f"reminder:{scene.arbeit_december.pk}"
    mail(scene.cast.susanne, MailKind.ANSWER_REMINDER, matter=matter, on=MONDAY, state=OutboxState.WAITING, **about)

    with pytest.raises(NothingToSay):
        render.render(letter, at=MONDAY)


def test_what_was_asked_on_friday_is_not_asked_again_on_monday(scene: Scene) -> None:
    task = task_of(scene, dt.date(2026, 12, 4))
    reminded(task, "before", on=MONDAY - dt.timedelta(days=3))
    new_topic(scene)

    assert "Ihre Aufgabe" not in letters()["susanne"]


def test_task_reminded_of_before_is_no_reason_for_a_letter_and_not_its_subject(scene: Scene) -> None:
    task = task_of(scene, dt.date(2026, 12, 4))
    reminded(task, "before", on=MONDAY - dt.timedelta(days=4))
    assert letters() == {}
    ActionItem.objects.filter(pk=task.pk).update(due_on=dt.date(2026, 12, 18))
    task.refresh_from_db()
    new_topic(scene, at=MONDAY + dt.timedelta(days=1))
    reminded(task, "before", on=MONDAY + dt.timedelta(days=1))

    found = letters(MONDAY + WEEK)["susanne"]
    assert found.startswith("Ihr Wochenbrief, 07.12.2026: Neues aus Arbeit")
    assert "das wartet noch auf Sie, und das ist neu seit Montag, 30. November 2026." in found
    assert "Ihre Aufgabe bis 18. Dezember 2026" in found


def test_what_was_reminded_of_for_the_last_time_stands_in_no_letter(scene: Scene) -> None:
    """ "Wir erinnern nicht noch einmal." """
    task = task_of(scene, dt.date(2026, 11, 23))
    reminded(task, "late", on=AT + dt.timedelta(days=1))
    new_topic(scene)

    assert "Ihre Aufgabe" not in letters()["susanne"]


@pytest.mark.parametrize(("weeks", "stands"), [(0, True), (2, True), (4, False)])
def test_day_that_is_over_is_said_quietly_and_for_some_weeks(scene: Scene, weeks: int, *, stands: bool) -> None:
    """Where the reminder fell away: too many in the quarter."""
    task_of(scene, dt.date(2026, 11, 27))
    new_topic(scene, at=MONDAY + weeks * WEEK - dt.timedelta(days=1))

    found = letters(MONDAY + weeks * WEEK)["susanne"]
    quiet = "Noch offen ---------- Ihre Aufgabe"
    assert (quiet in found, "Ihre Rückmeldung war bis 27. November 2026 erbeten." in found) == (stands, stands)
    assert ": Neues aus Arbeit" in found.partition("Arbeitsbündnisse")[0]


def test_relay_is_asked_for_in_its_last_weeks_only(scene: Scene) -> None:
    """It came by mail when it was sent, and is reminded of by mail a week before its day."""
    MembershipFactory(body=scene.unit, person=scene.cast.birgit)
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2027, 1, 15), at=IN_BETWEEN)
    mail(scene.cast.birgit, MailKind.RELAY, matter=f"relay:{sent.pk}")
    found = []
    for week in range(7):
        monday = automatic_mail_time(dt.date(2026, 11, 30) + week * WEEK)
        new_topic(scene, f"Thema {week}", at=monday - dt.timedelta(days=1))
        found.append("wartet auf Ihre Antwort" in letters(monday)["birgit"])
        OutboxMessage.objects.filter(kind=MailKind.DIGEST).update(state=OutboxState.SENT, sent_at=monday)

    assert found == [False, False, False, False, False, True, True]


def test_relay_whose_reminder_went_makes_no_letter_in_the_week_it_is_due(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.birgit)
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 2), at=AT - WEEK)
    key = {"about": "before", "due": "2026-12-02", "relay": sent.pk}
    mail(scene.cast.birgit, MailKind.RELAY, matter=f"relay:{sent.pk}", on=MONDAY - dt.timedelta(days=5), **key)

    assert letters() == {}


def test_question_somebody_stopped_is_not_asked_by_the_letter(scene: Scene) -> None:
    change = asked_to_come(scene)
    mail(scene.cast.susanne, MailKind.AGENDA, of=change)
    about = {"about": scene.arbeit_december.start.isoformat()}
    matter = f"reminder:{scene.arbeit_december.pk}"
    mail(scene.cast.susanne, MailKind.ANSWER_REMINDER, matter=matter, state=OutboxState.STOPPED, **about)
    new_topic(scene)

    assert "Kommen Sie" not in letters()["susanne"]


# --- Under the right meeting ----------------------------------------------------------------------


def test_news_stands_under_its_own_meeting(scene: Scene) -> None:
    new_topic(scene)
    asked_to_come(scene)
    happened(Happened.MEETING_CONFIRMED, scene.arbeit_march, scene.cast.arbeit)

    found = letters()["birgit"]
    december, march, rest = (
        found.index("Arbeit, Donnerstag, 3. Dezember 2026 - Die Tagesordnung für den 3. Dezember 2026 ist da."),
        found.index("Arbeit, Donnerstag, 11. März 2027 - Neues Thema für den 11. März 2027: „Schichtfahr"),
        found.index("Arbeit - Der Termin steht: Donnerstag, 11. März 2027"),
    )
    assert december < march < rest


def test_nothing_stands_under_a_meeting_that_was_called_off(scene: Scene) -> None:
    new_topic(scene)
    relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.imke, at=IN_BETWEEN)
    happened(Happened.MEETING_INVITED, scene.arbeit_march, scene.cast.arbeit)
    planning.cancel(scene.arbeit_march, reason="Glatteis.", by=scene.cast.imke, at=IN_BETWEEN)

    found = letters()["birgit"]
    assert found.count("11. März 2027") == 1
    assert found.count("Die Sitzung am Donnerstag, 11. März 2027 fällt aus.") == 1
    assert found.count("Neues Thema: „Schichtfahrgemeinschaften“.") == 1
    assert found.count("Bitte aus Bildung: „Kinderbetreuung") == 1
