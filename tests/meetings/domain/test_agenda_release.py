"""The chair's release: asked for, given, void as soon as the wording changes, and never in the Fachstelle's way."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.enums import Role, Via
from buendnisse.models import Change, Membership, Person
from buendnisse.models.sight import Sight
from meetings.domain import agenda, agenda_changes, agenda_order, agenda_release, agenda_sending, planning
from meetings.enums import AgendaItemKind, ReleaseState
from meetings.models import AgendaItem, AgendaVersion, Meeting
from tests import world
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    """Arbeit on 11 March 2027, chaired by Birgit, with two topics and a frame."""
    for code, position in (("opening", -2), ("closing", 2)):
        StandingItemFactory(alliance=cast.arbeit, code=code, position=position)
    meeting = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        chair=cast.birgit,
        venue=cast.venue,
    )
    planning.confirm(meeting, by=cast.imke, at=AT)
    for title in ("Sprachcafé", "Praktikumswoche"):
        add(cast, meeting, title)
    return meeting


def add(cast: World, meeting: Meeting, title: str) -> AgendaItem:
    said = {"kind": AgendaItemKind.DISCUSSION, "minutes": 20, "presenter": cast.susanne}
    return agenda.add(meeting, title=title, **said, by=cast.imke, form_key=uuid.uuid4(), at=AT)  # type: ignore[arg-type]


def released(cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    agenda_release.release(meeting, by=cast.birgit, at=LATER)


def verbs(meeting: Meeting) -> list[str]:
    rows = Change.objects.of(meeting).filter(verb__startswith="agenda.").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_the_chair_releases_what_was_asked(cast: World, meeting: Meeting) -> None:
    released(cast, meeting)
    agenda_release.release(meeting, by=cast.birgit, at=LATER)  # twice is once

    found = agenda_release.standing_of(meeting)
    assert (found.state, found.holds, found.who) == (ReleaseState.RELEASED, True, "Birgit Hanneken")
    assert verbs(meeting) == ["agenda.submitted", "agenda.released"]
    assert agenda_sending.send_agenda(meeting, by=cast.imke, at=LATER) == 1


def test_another_wording_is_not_released_and_the_fachstelle_sees_what_changed(cast: World, meeting: Meeting) -> None:
    released(cast, meeting)
    item = AgendaItem.objects.get(title="Praktikumswoche")
    agenda.edit(item, version=item.version, duration_minutes=30, by=cast.imke, at=LATER)
    agenda_order.move_up(AgendaItem.objects.get(pk=item.pk), by=cast.imke, at=LATER)

    found = agenda_release.standing_of(meeting)

    assert (found.holds, found.is_void) == (False, True)
    assert found.changes.lines == [
        "Geändert: TOP 2 „Praktikumswoche“ (war TOP 3 und 30 statt 20 Minuten); TOP 3 „Sprachcafé“ (war TOP 2)."
    ]
    with pytest.raises(agenda_sending.ReleaseMissing):
        agenda_sending.send_agenda(meeting, by=cast.imke, at=LATER)
    agenda_release.ask(meeting, by=cast.imke, at=LATER)
    assert agenda_release.standing_of(meeting).state == ReleaseState.ASKED


def test_back_to_the_released_wording_the_release_holds_again(cast: World, meeting: Meeting) -> None:
    released(cast, meeting)
    item = AgendaItem.objects.get(title="Praktikumswoche")
    agenda_order.move_up(item, by=cast.imke, at=LATER)
    assert agenda_release.standing_of(meeting).is_void
    agenda_order.move_down(AgendaItem.objects.get(pk=item.pk), by=cast.imke, at=LATER)

    assert agenda_release.standing_of(meeting).holds


def test_the_chair_asks_for_a_change(cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    with pytest.raises(agenda_release.ReleaseRefused, match="Bitte schreiben Sie kurz"):
        agenda_release.give_back(meeting, remark="  ", by=cast.birgit, at=LATER)

    agenda_release.give_back(meeting, remark="Bitte das Sprachcafé zuerst.", by=cast.birgit, at=LATER)

    found = agenda_release.standing_of(meeting)
    assert found.row is not None
    assert (found.state, found.row.remark) == (ReleaseState.RETURNED, "Bitte das Sprachcafé zuerst.")
    with pytest.raises(agenda_release.ReleaseRefused, match="liegt gerade nicht zur Freigabe vor"):
        agenda_release.release(meeting, by=cast.birgit, at=LATER)


def test_what_changed_under_the_chairs_eyes_is_not_released(cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)

    with pytest.raises(agenda_release.ChangedMeanwhile):
        agenda_release.release(meeting, by=cast.birgit, seen="another", at=LATER)

    assert agenda_release.standing_of(meeting).state == ReleaseState.ASKED


def test_the_deputy_chair_may_and_a_member_may_not(cast: World, meeting: Meeting) -> None:
    Membership.objects.filter(person=cast.rolf, body=cast.arbeit).update(role=Role.DEPUTY_CHAIR)
    agenda_release.ask(meeting, by=cast.imke, at=AT)

    with pytest.raises(agenda_release.ReleaseRefused, match="gibt der Vorsitz frei"):
        agenda_release.release(meeting, by=cast.susanne, at=LATER)
    agenda_release.release(meeting, by=cast.rolf, at=LATER)

    assert agenda_release.standing_of(meeting).who == cast.rolf.full_name


def test_request_and_release_can_be_taken_back(cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    agenda_release.take_request_back(meeting, by=cast.imke, at=AT)
    assert agenda_release.standing_of(meeting).state == ReleaseState.OPEN
    released(cast, meeting)

    agenda_release.take_release_back(meeting, by=cast.birgit, at=LATER, via=Via.LINK)

    assert agenda_release.standing_of(meeting).state == ReleaseState.ASKED
    assert verbs(meeting)[-1] == "agenda.release_withdrawn"


def test_after_the_invitation_a_release_stays(cast: World, meeting: Meeting) -> None:
    released(cast, meeting)
    as_read_before = Meeting.objects.select_related("alliance").get(pk=meeting.pk)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=LATER)

    for found in (meeting, as_read_before):
        with pytest.raises(agenda_release.ReleaseRefused, match="schon verschickt"):
            agenda_release.take_release_back(found, by=cast.imke, at=LATER)


def test_a_release_on_the_telephone_is_written_down(cast: World, meeting: Meeting) -> None:
    Person.objects.filter(pk=cast.birgit.pk).update(email="", may_sign_in=False)
    meeting = Meeting.objects.select_related("alliance").get(pk=meeting.pk)
    with pytest.raises(agenda_release.ReleaseRefused, match="keinen Vorsitz mit E-Mail-Adresse"):
        agenda_release.ask(meeting, by=cast.imke, at=AT)
    with pytest.raises(agenda_release.ReleaseRefused, match="in der Zukunft"):
        agenda_release.note_call(meeting, name="Frau Hanneken", said_at=LATER, by=cast.imke, at=AT)

    agenda_release.note_call(meeting, name="Frau Hanneken", said_at=AT, by=cast.imke, at=LATER)

    found = agenda_release.standing_of(meeting)
    assert (found.holds, found.who) == (True, "Frau Hanneken")


def test_without_release_a_reason_is_kept(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Frau Hanneken ist im Urlaub.")

    version = AgendaVersion.objects.get()
    assert version.without_release == "Frau Hanneken ist im Urlaub."
    change = Change.objects.get(verb="meeting.invited")
    assert (change.reason, change.data) == ("without_release", {"version": 1})


def test_short_notice_wants_a_reason(cast: World, meeting: Meeting) -> None:
    late = meeting.start - dt.timedelta(days=5)

    with pytest.raises(agenda_sending.NoticeTooShort, match="nur noch 5.Tage, üblich sind mindestens 10.Tage"):
        agenda_sending.send_agenda(meeting, by=cast.imke, at=late, without_release="Eilt.")
    agenda_sending.send_agenda(meeting, by=cast.imke, at=late, without_release="Eilt.", urgency="Der Antrag läuft ab.")

    assert AgendaVersion.objects.get().urgency == "Der Antrag läuft ab."


def test_a_changed_version_says_what_is_new_changed_and_gone(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.")
    add(cast, meeting, "Fahrtkosten")
    agenda.defer(AgendaItem.objects.get(title="Sprachcafé"), to=None, reason="Später.", by=cast.imke, at=LATER)

    assert agenda_sending.send_agenda(meeting, by=cast.imke, at=LATER, without_release="Eilt.") == 2

    found = agenda_changes.edition(meeting, sight=Sight(everything=True))
    assert found is not None
    assert found.mark == "Geänderte Fassung (2)"
    assert found.changes.lines == ["Neu: TOP 4 „Fahrtkosten“.", "Entfällt: TOP 2 „Sprachcafé“ (vertagt)."]
    assert [version.number for version in AgendaVersion.objects.order_by("number")] == [1, 2]


def test_the_desk_waits_for_whoever_leads_on_the_day(cast: World, meeting: Meeting) -> None:
    waits, silent = {meeting.pk: "Noch nicht vom Vorsitz freigegeben."}, {meeting.pk: ""}
    assert agenda_release.in_words([meeting]) == waits

    Meeting.objects.filter(pk=meeting.pk).update(chair=None)
    Membership.objects.filter(role__in=[Role.CHAIR, Role.DEPUTY_CHAIR]).update(until=dt.date(2027, 1, 31))
    assert agenda_release.in_words([Meeting.objects.get(pk=meeting.pk)]) == silent

    Membership.objects.create(
        person=cast.susanne,
        body=cast.arbeit,
        organisation=cast.susanne.organisation,
        role=Role.DEPUTY_CHAIR,
        since=dt.date(2027, 2, 1),
    )
    assert agenda_release.in_words([Meeting.objects.get(pk=meeting.pk)]) == waits
