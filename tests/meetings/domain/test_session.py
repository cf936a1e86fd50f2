import datetime as dt

import pytest

from buendnisse.models import Alliance, Change
from meetings.domain import decisions, minutes, open_minutes, quorum, session, voting
from meetings.domain.moves import MoveRefused
from meetings.enums import MeetingState, Presence
from meetings.models import AgendaItem, Attendance, Meeting
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db


def presences(meeting: Meeting) -> dict[str, tuple[str, bool]]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("person")
    return {row.person.handle: (row.presence, row.casts_vote) for row in rows}


def test_starting_expects_everybody_and_nobody_is_there_yet() -> None:
    now = held.running()

    assert now.meeting.state == MeetingState.IN_SESSION
    assert presences(now.meeting) == {
        "birgit": ("unknown", False),
        "susanne": ("unknown", False),
        "rolf": ("unknown", False),
        "corinna": ("unknown", False),
    }
    assert now.minutes.author == now.world.imke


def test_starting_a_meeting_nobody_was_invited_to_is_refused() -> None:
    now = held.running()
    planned = MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1")

    with pytest.raises(MoveRefused):
        session.start(planned, by=now.world.imke, at=AT)


def test_vote_falls_to_who_is_there() -> None:
    now = held.running()

    session.record_presence(now.row("birgit"), presence=Presence.PRESENT, by=now.world.imke, at=AT)

    assert presences(now.meeting)["birgit"] == ("present", True)


def test_member_who_comes_late_takes_the_vote_from_the_deputy() -> None:
    now = held.running()
    session.record_presence(now.row("rolf"), presence=Presence.DEPUTY, by=now.world.imke, at=AT)
    assert presences(now.meeting)["rolf"] == ("deputy", True)

    session.record_presence(
        now.row("susanne"), presence=Presence.PRESENT, present_from=dt.time(10, 20), by=now.world.imke, at=AT
    )

    assert presences(now.meeting)["rolf"] == ("deputy", False)
    assert presences(now.meeting)["susanne"] == ("present", True)


@pytest.mark.parametrize("noted", ["deputy", "present"])
def test_one_organisation_has_one_vote_however_the_deputy_was_noted(noted: str) -> None:
    now = held.running()
    session.record_presence(now.row("rolf"), presence=noted, by=now.world.imke, at=AT)
    assert presences(now.meeting)["rolf"] == (noted, True)

    session.record_presence(now.row("susanne"), presence=Presence.PRESENT, by=now.world.imke, at=AT)

    assert [presences(now.meeting)[name] for name in ("rolf", "susanne")] == [(noted, False), ("present", True)]


def test_member_noted_by_mistake_gives_the_vote_back_to_the_deputy() -> None:
    now = held.running()
    for name, presence in (("rolf", "deputy"), ("susanne", "present"), ("susanne", "excused")):
        session.record_presence(now.row(name), presence=presence, by=now.world.imke, at=AT)

    assert presences(now.meeting)["rolf"] == ("deputy", True)


def test_who_leaves_hands_the_vote_to_who_stays() -> None:
    now = held.running()
    session.record_presence(now.row("rolf"), presence=Presence.DEPUTY, by=now.world.imke, at=AT)
    session.record_presence(now.row("susanne"), presence=Presence.PRESENT, by=now.world.imke, at=AT)

    until = dt.time(10, 30)
    session.record_presence(now.row("susanne"), presence="present", present_until=until, by=now.world.imke, at=AT)

    assert [presences(now.meeting)[name][1] for name in ("rolf", "susanne")] == [True, False]


@pytest.mark.parametrize(("name", "presence"), [("corinna", "guest"), ("imke", "secretariat")])
def test_guests_and_the_fachstelle_come_and_go_too(name: str, presence: str) -> None:
    now = held.running()
    Attendance.objects.get_or_create(
        meeting=now.meeting, person=now.world.imke, organisation=now.world.imke.organisation, role="secretariat"
    )
    hours = {"present_from": dt.time(10, 30), "present_until": dt.time(11, 0)}

    session.record_presence(now.row(name), presence=presence, by=now.world.imke, at=AT, **hours)

    row = now.row(name)
    assert (row.presence, row.present_from, row.present_until) == (presence, dt.time(10, 30), dt.time(11, 0))


def test_quorum_counts_who_is_in_the_room_and_the_end_who_was() -> None:
    now = held.running()
    Alliance.objects.filter(pk=now.world.arbeit.pk).update(quorum_share="1.0")
    meeting = Meeting.objects.select_related("alliance").get(pk=now.meeting.pk)
    session.record_presence(now.row("birgit"), presence=Presence.PRESENT, by=now.world.imke, at=AT)
    until = dt.time(10, 30)
    session.record_presence(now.row("susanne"), presence="present", present_until=until, by=now.world.imke, at=AT)
    later = AT + dt.timedelta(hours=1)

    assert [quorum.quorum(meeting, at=at).present for at in (AT, later)] == [2, 1]
    with pytest.raises(voting.QuorumMissing, match="1 von 2"):
        decisions.adopt(now.bus, kind="resolution", text="Ja.", by=now.world.imke, at=later)
    session.finish(meeting, by=now.world.imke, at=later)
    assert (meeting.voting_organisations, meeting.quorum_reached) == (2, True)


def test_guest_never_votes() -> None:
    now = held.running()

    session.record_presence(now.row("corinna"), presence=Presence.GUEST, by=now.world.imke, at=AT)

    assert presences(now.meeting)["corinna"] == ("guest", False)


def test_who_is_gone_gives_the_vote_back() -> None:
    now = held.running()
    session.record_presence(now.row("birgit"), presence=Presence.PRESENT, by=now.world.imke, at=AT)

    session.record_presence(now.row("birgit"), presence=Presence.EXCUSED, by=now.world.imke, at=AT)

    assert presences(now.meeting)["birgit"] == ("excused", False)
    assert now.row("birgit").channel == ""


def test_same_presence_twice_is_written_once() -> None:
    now = held.running()
    for _time in range(2):
        session.record_presence(now.row("birgit"), presence=Presence.PRESENT, by=now.world.imke, at=AT)

    assert Change.objects.filter(verb="attendance.recorded").count() == 1


def test_quorum_counts_voting_organisations() -> None:
    now = held.running()
    assert quorum.quorum(now.meeting) == quorum.Quorum(present=0, entitled=2, needed=1, is_recorded=False)

    session.record_presence(now.row("corinna"), presence=Presence.GUEST, by=now.world.imke, at=AT)
    assert quorum.quorum(now.meeting).is_doubted

    session.record_presence(now.row("rolf"), presence=Presence.DEPUTY, by=now.world.imke, at=AT)
    session.record_presence(now.row("susanne"), presence=Presence.PRESENT, by=now.world.imke, at=AT)
    assert quorum.quorum(now.meeting) == quorum.Quorum(present=1, entitled=2, needed=1, is_recorded=True)


@pytest.mark.parametrize(
    ("entitled", "share", "needed"), [(19, 0.5, 10), (22, 0.5, 11), (3, 1.0, 3), (5, 0, 1), (0, 0.5, 0)]
)
def test_at_least_the_share_is_needed(entitled: int, share: float, needed: int) -> None:
    assert quorum.needed(entitled, share) == needed


def test_result_is_kept_and_the_item_discussed() -> None:
    now = held.running()

    session.record_result(now.bus, result="  Der Bus fährt.  ", version=1, by=now.world.imke, at=AT)

    stored = AgendaItem.objects.get(pk=now.bus.pk)
    assert (stored.result, stored.state, stored.version) == ("Der Bus fährt.", "discussed", 2)


def test_stale_result_is_refused_with_both_texts() -> None:
    now = held.running()
    session.record_result(now.bus, result="Der Bus fährt.", version=1, by=now.world.imke, at=AT)

    with pytest.raises(session.ResultOutdated) as refused:
        session.record_result(now.bus, result="Der Bus fährt nicht.", version=1, by=now.world.imke, at=AT)

    assert (refused.value.stored, refused.value.yours, refused.value.version) == (
        "Der Bus fährt.",
        "Der Bus fährt nicht.",
        2,
    )
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Bus fährt."


def test_same_result_sent_twice_is_no_conflict() -> None:
    now = held.running()
    for _time in range(2):
        session.record_result(now.bus, result="Der Bus fährt.", version=1, by=now.world.imke, at=AT)

    assert AgendaItem.objects.get(pk=now.bus.pk).version == 2


def test_result_before_the_meeting_is_refused() -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")

    with pytest.raises(open_minutes.NotInSession):
        session.record_result(now.bus, result="Zu früh", version=1, by=now.world.imke, at=AT)


def test_result_after_circulation_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(open_minutes.MinutesFrozen, match="nur über einen Einwand"):
        session.record_result(now.bus, result="Anders", version=now.bus.version, by=now.world.imke, at=AT)


def test_writing_after_the_release_takes_the_release_back() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    minutes.release(now.minutes, by=now.world.birgit, at=AT)

    session.record_result(now.bus, result="Anders", version=now.bus.version, by=now.world.imke, at=AT)

    assert now.minutes.reviewed_by is None


def test_saving_what_stands_there_already_leaves_the_release() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    minutes.release(now.minutes, by=now.world.birgit, at=AT)

    bus, row = AgendaItem.objects.get(pk=now.bus.pk), now.row("birgit")
    session.record_result(bus, result=bus.result, version=bus.version, by=now.world.imke, at=AT)
    session.record_presence(row, presence=row.presence, channel=row.channel, by=now.world.imke, at=AT)

    assert now.minutes.reviewed_by == now.world.birgit


def test_finishing_stores_the_quorum() -> None:
    now = held.over()

    stored = Meeting.objects.get(pk=now.meeting.pk)
    assert (stored.state, stored.voting_organisations, stored.quorum_reached) == (MeetingState.HELD, 2, True)


def test_meeting_without_recorded_attendance_has_no_quorum() -> None:
    now = held.running()

    session.finish(now.meeting, by=now.world.imke, at=AT)

    assert (now.meeting.voting_organisations, now.meeting.quorum_reached) == (2, None)


def test_ended_too_early_is_reopened() -> None:
    now = held.over()

    session.reopen(now.meeting, by=now.world.imke, at=AT)

    assert now.meeting.state == MeetingState.IN_SESSION


def test_meeting_with_circulated_minutes_stays_over() -> None:
    now = held.circulated()

    with pytest.raises(session.AlreadyCirculated):
        session.reopen(now.meeting, by=now.world.imke, at=AT)


def test_guest_on_no_list_is_recorded() -> None:
    now = held.running()

    row = session.record_guest(now.meeting, person=now.world.sven, by=now.world.imke, at=AT)

    assert (row.presence, row.role, row.is_asked) == ("guest", "guest", False)
