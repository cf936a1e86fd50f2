"""The letter with news asks whoever speaks for a body for its answers, and whoever is asked for a unit for its report."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Person
from meetings.domain import relay, unit_reports
from meetings.enums import MeetingState
from meetings.models import Meeting, Relay
from notifications.domain import digest, render
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.meetings import StandingItemFactory
from tests.support.relay_scene import Scene, hand_over, set_scene, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db

MONDAY = automatic_mail_time(dt.date(2026, 11, 30))
IN_BETWEEN = AT + dt.timedelta(days=2)


@pytest.fixture
def scene() -> Scene:
    """The installation has seen its first Monday, so that the next one is told."""
    made = set_scene()
    digest.write(at=AT)
    return made


def letters(at: dt.datetime = MONDAY) -> dict[str, str]:
    """What each person reads, in one line."""
    digest.write(at=at)
    rows = OutboxMessage.objects.filter(kind=MailKind.DIGEST, created_at=at).select_related("person__organisation")
    return {one.person.handle: " ".join(render.render(one, at=at).text.split()) for one in rows}


@pytest.fixture
def okke(scene: Scene) -> Person:
    """Speaks for the Koordinierungsstelle, which answers in words, and sits in Arbeit."""
    found: Person = PersonFactory(handle="okke", first_name="Okke", last_name="Tammen")
    MembershipFactory(body=scene.unit, person=found)
    MembershipFactory(body=scene.cast.arbeit, person=found)
    return found


def test_who_speaks_for_the_target_is_asked_and_nobody_else(scene: Scene, okke: Person) -> None:
    hand_over(scene, to=scene.unit, due_on=dt.date(2027, 4, 17), at=IN_BETWEEN)
    found = letters()

    assert list(found) == ["okke"]
    asked = (
        f"Bildung wartet auf Ihre Antwort Für {scene.unit.word}: Kinderbetreuung während der Kurse. "
        "Bitte antworten bis 17. April 2027. Ansehen und antworten: http"
    )
    assert asked in found["okke"]


def test_old_question_alone_makes_no_letter_until_its_day_is_near(scene: Scene, okke: Person) -> None:
    hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 16), at=AT - dt.timedelta(days=9))

    assert letters() == {}
    assert list(letters(MONDAY + dt.timedelta(days=14))) == ["okke"]


def test_answered_or_on_an_agenda_asks_for_nothing(scene: Scene, okke: Person) -> None:
    sent = hand_over(scene, to=scene.unit, at=IN_BETWEEN)
    relay.answer_with_text(Relay.objects.get(pk=sent.pk), words="Ab 16 Uhr.", by=scene.cast.imke, at=IN_BETWEEN)
    taken_up(scene)

    assert "wartet auf Ihre Antwort" not in " ".join(letters().values())


@pytest.mark.parametrize("by_decision", [True, False])
def test_what_has_become_confidential_is_not_asked_about(scene: Scene, okke: Person, by_decision: bool) -> None:
    sent = hand_over(scene, to=scene.unit, source=scene.decision if by_decision else scene.topic, at=IN_BETWEEN)
    if by_decision:  # as in what was written down by hand: the topic is known by its decision alone
        Relay.objects.filter(pk=sent.pk).update(source_item=None)
    scene.topic.confidential_to.add(scene.cast.imke.organisation)

    assert letters() == {}


@pytest.fixture
def nadia(scene: Scene) -> Person:
    """Of a unit that reports to Arbeit."""
    unit = OrganisationFactory(slug="netwin", name="Arbeitsmarktprojekt Netwin", short_name="Netwin")
    UnitFactory(organisation=unit)
    found: Person = PersonFactory(handle="nadia", first_name="Nadia", last_name="Haddad", organisation=unit)
    MembershipFactory(body=scene.cast.arbeit, person=found)
    StandingItemFactory(alliance=scene.cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1)
    return found


def test_unit_is_asked_for_its_report_in_the_week_it_is_due(scene: Scene, nadia: Person) -> None:
    meeting = scene.arbeit_march
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CALL_OPEN)
    meeting.refresh_from_db()
    due = unit_reports.window(meeting, at=MONDAY).in_time_until
    monday = automatic_mail_time(due - dt.timedelta(days=due.weekday()))
    assert letters(monday - dt.timedelta(days=7)) == {}

    found = letters(monday)
    assert list(found) == ["nadia"]
    assert "Ein kurzer Bericht für den 11. März Arbeit: Was gibt es bei Ihnen Neues (Netwin)?" in found["nadia"]
    unit_reports.write(meeting, nadia.organisation, text="Alles läuft.", version=0, by=nadia, at=monday)
    assert letters(monday + dt.timedelta(days=7)) == {}
