import datetime as dt

import pytest

from buendnisse.domain import counters
from buendnisse.models import Change, sight_of
from meetings.domain import action_items, decisions, minutes, session
from meetings.domain.minutes_content import as_content, content, redacted
from meetings.domain.moves import MoveRefused
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MeetingState, MinutesState
from meetings.models import AgendaItem, Meeting, Minutes, MinutesVersion
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT, LATER

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def contest(now: held.Held, text: str = "Es ist der 21. Januar.") -> minutes.Objection:
    return minutes.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text=text, at=LATER + DAY)


def test_content_holds_the_whole_document() -> None:
    now = held.over()
    session.reopen(now.meeting, by=now.world.imke, at=AT)
    decisions.adopt(
        now.bus, kind="resolution", text="Der Bus fährt.", votes=decisions.Votes(2, 0, 0, 2), by=now.world.imke, at=AT
    )
    action = action_items.assign(
        now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=now.world.imke, at=AT
    )
    session.finish(now.meeting, by=now.world.imke, at=AT)

    document = content(now.meeting, author=now.world.imke)

    assert document["author"] == "Imke Albers, Fachstelle"
    assert document["quorum"] == {"present": 2, "entitled": 2, "reached": True}
    assert [(item["number"], item["title"]) for item in document["items"]] == [
        (1, "Begrüßung und Protokoll"),
        (2, "Rufbus am Abend"),
        (3, "Verschiedenes"),
    ]
    bus = document["items"][1]
    assert bus["presenter"] == "Frau Overhage, BBS"
    assert bus["decisions"] == [
        {
            "number": "A-2026-01",
            "kind": "resolution",
            "state": "adopted",
            "text": "Der Bus fährt.",
            "votes": {"yes": 2, "no": 0, "abstain": 0, "entitled": 2},
        }
    ]
    assert bus["tasks"] == [
        {
            "id": action.pk,
            "task": "Fahrplan",
            "owner_id": now.world.susanne.pk,
            "owner": "Susanne Overhage",
            "organisation": "BBS",
            "due_on": "2026-12-11",
        }
    ]
    assert [(row["name"], row["presence"], row["channel"]) for row in document["attendance"]] == [
        ("Susanne Overhage", "present", "online"),
        ("Birgit Hanneken", "present", ""),
        ("Rolf Eilers", "excused", ""),
    ]


def test_confidential_item_is_closed_to_others() -> None:
    now = held.over()
    now.bus.confidential_to.set([now.world.birgit.organisation])
    document = content(now.meeting)

    for_birgit = redacted(document, sight_of(now.world.birgit, at=AT))
    for_susanne = redacted(document, sight_of(now.world.susanne, at=AT))

    assert for_birgit["items"][1]["title"] == "Rufbus am Abend"
    assert for_susanne["items"][1]["title"] == "Vertraulicher Punkt"
    assert for_susanne["items"][1]["result"] == "Nur für die beteiligten Organisationen."


def test_minutes_wait_for_the_end_of_the_meeting() -> None:
    now = held.running()

    with pytest.raises(minutes.NotYet, match="läuft noch"):
        minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)


def test_draft_is_made_once() -> None:
    now = held.running()

    assert minutes.draft(now.meeting, by=now.world.imke, at=AT) == now.minutes


def test_no_minutes_before_the_meeting() -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")
    now.meeting.refresh_from_db()

    with pytest.raises(minutes.NotYet):
        minutes.draft(now.meeting, by=now.world.imke, at=AT)


def test_chair_releases_once() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    for _time in range(2):
        minutes.release(now.minutes, by=now.world.birgit, at=AT)

    assert (now.minutes.state, now.minutes.reviewed_by) == (MinutesState.IN_REVIEW, now.world.birgit)
    assert Change.objects.filter(verb="minutes.released").count() == 1


def test_chair_gives_back_with_a_remark() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    with pytest.raises(minutes.WordsMissing):
        minutes.give_back(now.minutes, remark=" ", by=now.world.birgit, at=AT)

    minutes.give_back(now.minutes, remark="Punkt 2 ist zu lang.", by=now.world.birgit, at=AT)

    assert (now.minutes.state, now.minutes.review_remark) == (MinutesState.DRAFT, "Punkt 2 ist zu lang.")


def test_draft_cannot_be_released() -> None:
    now = held.over()

    with pytest.raises(minutes.NotYet):
        minutes.release(now.minutes, by=now.world.birgit, at=AT)


def test_circulating_without_release_needs_a_reason() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    with pytest.raises(minutes.NotYet, match="noch nicht freigegeben"):
        minutes.circulate(now.minutes, by=now.world.imke, at=AT)
    minutes.circulate(now.minutes, by=now.world.imke, at=AT, reason="Vorsitz im Urlaub")

    assert now.minutes.state == MinutesState.CIRCULATED
    [change] = Change.objects.filter(verb="minutes.circulated")
    assert change.reason == "without_release"


def test_circulating_freezes_the_first_version() -> None:
    now = held.circulated()

    [version] = now.minutes.versions.all()
    assert (version.number, version.circulated_at) == (1, LATER)
    assert as_content(version.content)["items"][1]["result"] == "Der Rufbus fährt ab dem 20. Januar auch abends."
    assert now.minutes.objection_until == dt.date(2026, 12, 7)


def test_same_version_is_not_sent_twice() -> None:
    now = held.circulated()

    with pytest.raises(MinutesFrozen, match="schon verschickt"):
        minutes.circulate(now.minutes, by=now.world.imke, at=LATER)

    assert now.minutes.versions.count() == 1


@pytest.mark.parametrize(
    ("circulated_on", "until"),
    [
        (dt.date(2026, 12, 5), dt.date(2026, 12, 21)),  # 19 December is a Saturday
        (dt.date(2026, 12, 11), dt.date(2027, 1, 7)),  # never in the quiet weeks
    ],
)
def test_period_ends_on_a_working_day_outside_the_quiet_weeks(circulated_on: dt.date, until: dt.date) -> None:
    now = held.over()
    at = dt.datetime.combine(circulated_on, dt.time(9), tzinfo=dt.UTC)

    minutes.circulate(now.minutes, by=now.world.imke, at=at, reason="Test")

    assert now.minutes.objection_until == until


def test_objection_in_time_is_kept() -> None:
    now = held.circulated()

    objection = contest(now)

    assert (now.minutes.state, objection.state, objection.by) == (
        MinutesState.CONTESTED,
        "open",
        now.world.susanne,
    )


def test_same_objection_twice_is_one() -> None:
    now = held.circulated()

    assert contest(now) == contest(now)


def test_objection_until_midnight_and_not_after() -> None:
    now = held.circulated()
    last_minute = dt.datetime(2026, 12, 7, 22, 59, tzinfo=dt.UTC)  # 23:59 in Berlin
    minutes.contest(now.minutes, by=now.world.susanne, text="Gerade noch", at=last_minute)

    with pytest.raises(minutes.ObjectionLate):
        minutes.contest(now.minutes, by=now.world.susanne, text="Zu spät", at=last_minute + dt.timedelta(minutes=1))


def test_objection_to_a_draft_is_refused() -> None:
    now = held.over()

    with pytest.raises(minutes.NotYet):
        contest(now)


def test_objection_to_another_meetings_item_is_refused() -> None:
    now = held.circulated()
    other = AgendaItem.objects.create(
        alliance=now.world.arbeit,
        meeting=MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1"),
        title="Fremd",
        state="scheduled",
    )

    with pytest.raises(minutes.NotYet):
        minutes.contest(now.minutes, by=now.world.susanne, agenda_item=other, text="Falsch", at=LATER)


def test_accepted_objection_becomes_the_next_version() -> None:
    now = held.circulated()
    objection = contest(now)

    version = minutes.resolve(
        objection,
        accept=True,
        changed_from="20. Januar",
        changed_to="21. Januar",
        resolution="Datum berichtigt.",
        by=now.world.imke,
        at=LATER + 2 * DAY,
    )

    assert version is not None
    assert (version.number, version.note) == (2, "Datum berichtigt.")
    texts = [as_content(row.content)["items"][1]["result"] for row in now.minutes.versions.order_by("number")]
    assert texts == [
        "Der Rufbus fährt ab dem 20. Januar auch abends.",
        "Der Rufbus fährt ab dem 21. Januar auch abends.",
    ]
    assert as_content(version.content)["items"][1]["corrections"] == [
        {
            "on": "2026-11-24",
            "changed_from": "20. Januar",
            "changed_to": "21. Januar",
            "resolution": "Datum berichtigt.",
        }
    ]
    assert (now.minutes.state, now.minutes.objection_until) == (MinutesState.CIRCULATED, dt.date(2026, 12, 7))


def test_corrected_version_late_in_the_period_leaves_half_of_it() -> None:
    now = held.circulated()
    objection = contest(now)

    minutes.resolve(
        objection,
        accept=True,
        changed_to="Neu",
        resolution="Berichtigt.",
        by=now.world.imke,
        at=dt.datetime(2026, 12, 4, 9, tzinfo=dt.UTC),
    )

    assert now.minutes.objection_until == dt.date(2026, 12, 11)


def test_declined_objection_lets_the_minutes_run_on() -> None:
    now = held.circulated()

    version = minutes.resolve(contest(now), accept=False, resolution="So wurde es gesagt.", by=now.world.imke, at=LATER)

    assert version is None
    assert (now.minutes.state, now.minutes.versions.count()) == (MinutesState.CIRCULATED, 1)


def test_two_objections_become_one_version() -> None:
    now = held.circulated()
    first, second = contest(now, "Erstens"), contest(now, "Zweitens")

    assert minutes.resolve(first, accept=True, resolution="Ja.", by=now.world.imke, at=LATER) is None
    version = minutes.resolve(second, accept=True, resolution="Auch.", by=now.world.imke, at=LATER)

    assert version is not None
    assert (version.number, version.note) == (2, "Ja. Auch.")


def test_replacing_words_that_are_not_there_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(minutes.WordsMissing, match="steht so nicht"):
        minutes.resolve(
            contest(now),
            accept=True,
            changed_from="30. Februar",
            changed_to="1. März",
            resolution="Berichtigt.",
            by=now.world.imke,
            at=LATER,
        )


def test_answering_twice_is_refused() -> None:
    now = held.circulated()
    objection = contest(now)
    minutes.resolve(objection, accept=False, resolution="Nein.", by=now.world.imke, at=LATER)

    with pytest.raises(MoveRefused):
        minutes.resolve(objection, accept=False, resolution="Nein.", by=now.world.imke, at=LATER)


@pytest.mark.parametrize(
    ("hour", "approved"),
    [(dt.datetime(2026, 12, 8, 5, 59, tzinfo=dt.UTC), 0), (dt.datetime(2026, 12, 8, 6, 0, tzinfo=dt.UTC), 1)],
)
def test_silence_approves_at_seven_the_day_after(hour: dt.datetime, approved: int) -> None:
    now = held.circulated()

    assert minutes.approve_by_silence(at=hour) == approved
    assert (now.minutes.state == MinutesState.APPROVED) == bool(approved)


def test_silence_approves_once_and_closes_the_meeting() -> None:
    now = held.circulated()
    at = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)

    assert [minutes.approve_by_silence(at=at), minutes.approve_by_silence(at=at)] == [1, 0]

    assert (now.minutes.approved_on, now.minutes.approval) == (dt.date(2026, 12, 8), "silent")
    assert Meeting.objects.get(pk=now.meeting.pk).state == MeetingState.CLOSED


def test_open_objection_stops_the_silence() -> None:
    now = held.circulated()
    contest(now)

    assert minutes.approve_by_silence(at=dt.datetime(2027, 1, 9, 9, tzinfo=dt.UTC)) == 0


def approved() -> held.Held:
    now = held.circulated()
    minutes.approve_by_silence(at=dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC))
    now.meeting.refresh_from_db()
    return now


def test_approved_minutes_refuse_every_write() -> None:
    now = approved()
    imke, at = now.world.imke, dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)
    row = now.row("birgit")
    before = Minutes.objects.values().get(meeting=now.meeting)

    refused = 0
    for write in (
        lambda: session.record_result(now.bus, result="Anders", version=now.bus.version, by=imke, at=at),
        lambda: session.record_presence(row, presence="absent", by=imke, at=at),
        lambda: decisions.adopt(now.bus, kind="consensus", text="Neu", by=imke, at=at),
        lambda: action_items.assign(now.bus, owner=imke, task="Neu", due_on=dt.date(2027, 1, 1), by=imke, at=at),
        lambda: minutes.circulate(now.minutes, by=imke, at=at),
        lambda: minutes.submit_to_chair(now.minutes, by=imke, at=at),
        lambda: minutes.give_back(now.minutes, remark="Zurück", by=imke, at=at),
    ):
        with pytest.raises(MinutesFrozen):
            write()
        refused += 1

    assert refused == 7
    assert Minutes.objects.values().get(meeting=now.meeting) == before
    assert MinutesVersion.objects.count() == 1
    with pytest.raises(minutes.ObjectionLate):
        minutes.contest(now.minutes, by=now.world.susanne, text="Zu spät", at=at)


def test_approved_minutes_get_a_dated_addendum() -> None:
    now = approved()

    addendum = minutes.amend(
        now.minutes, by=now.world.imke, agenda_item=now.bus, text="Gemeint ist Emsfurt.", at=LATER + 20 * DAY
    )

    assert (addendum.dated, addendum.text) == (dt.date(2026, 12, 13), "Gemeint ist Emsfurt.")


def test_addendum_to_minutes_not_approved_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(minutes.NotYet):
        minutes.amend(now.minutes, by=now.world.imke, text="Zu früh", at=LATER)


def test_next_meeting_confirms_and_approves() -> None:
    now = held.circulated()
    later = MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 25, 11, tzinfo=dt.UTC),
    )

    minutes.confirm_in_meeting(now.minutes, meeting=later, by=now.world.imke, at=LATER)

    assert (now.minutes.state, now.minutes.approval, now.minutes.confirmed_in) == (
        MinutesState.APPROVED,
        "meeting",
        later,
    )


def test_confirmation_of_approved_minutes_is_told_to_the_journal_once() -> None:
    now = held.circulated()
    minutes.approve_by_silence(at=LATER + 30 * DAY)
    start = dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC)
    later = MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1", start=start, end=start + dt.timedelta(hours=2))

    for _tap in range(2):
        minutes.confirm_in_meeting(now.minutes, meeting=later, by=now.world.imke, at=start)

    told = Change.objects.of(now.minutes).filter(verb="minutes.confirmed")
    assert [change.data for change in told] == [{"meeting": now.meeting.pk, "confirmed_in": later.pk}]


def test_earlier_meeting_cannot_confirm() -> None:
    now = held.circulated()

    with pytest.raises(minutes.NotYet):
        minutes.confirm_in_meeting(now.minutes, meeting=now.meeting, by=now.world.imke, at=LATER)


def test_numbers_of_imported_data_are_not_given_again() -> None:
    now = held.running()
    counters.at_least("decision:A:2026", 18)

    decision = decisions.adopt(now.bus, kind="consensus", text="Neu", by=now.world.imke, at=AT)

    assert decision.number == "A-2026-19"
