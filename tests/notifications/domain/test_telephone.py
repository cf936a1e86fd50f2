"""What came of a call: seen by colleagues, undone where it was a slip, and in the journal without names."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import MailFormat
from buendnisse.models import Change, Person
from meetings.models import Meeting
from notifications.domain import recall, telephone
from notifications.enums import CallOutcome
from notifications.models import TelephoneMark
from tests.notifications.short_notice import DAY, HOUR, MINUTE, MORNING, cancel, listed, move, row
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def calling(invited: Meeting, cast: World) -> Meeting:
    """Cancelled; Susanne reads no mail."""
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    cancel(invited, cast)
    return invited


def mark(meeting: Meeting, cast: World, outcome: CallOutcome, *, by: Person, at: dt.datetime = MORNING) -> None:
    telephone.mark(meeting, row=row(meeting, cast.susanne).pk, outcome=outcome, by=by, at=at)


def marks() -> list[tuple[str, Person, dt.datetime]]:
    return [(one.outcome, one.by, one.at) for one in TelephoneMark.objects.all()]


def verbs() -> list[str]:
    return list(Change.objects.filter(verb__startswith="telephone.").order_by("pk").values_list("verb", flat=True))


def test_call_in_vain_keeps_the_person_and_says_who_tried(calling: Meeting, cast: World) -> None:
    mark(calling, cast, CallOutcome.NOT_REACHED, by=cast.imke)
    mark(calling, cast, CallOutcome.NOT_REACHED, by=cast.theda, at=MORNING + 5 * MINUTE)

    [entry] = listed(calling, MORNING).to_call
    assert entry.mark is not None
    assert (entry.tried_at, entry.mark.by) == (MORNING + 5 * MINUTE, cast.theda)
    assert verbs() == ["telephone.not_reached", "telephone.not_reached"]


def test_of_two_colleagues_the_first_who_reached_somebody_stays(calling: Meeting, cast: World) -> None:
    mark(calling, cast, CallOutcome.REACHED, by=cast.imke)
    mark(calling, cast, CallOutcome.REACHED, by=cast.theda, at=MORNING + MINUTE)

    found = listed(calling, MORNING)
    assert (found.to_call, [entry.row.person for entry in found.called]) == ([], [cast.susanne])
    assert marks() == [("reached", cast.imke, MORNING)]
    assert verbs() == ["telephone.reached"]


def test_call_in_vain_on_an_older_list_leaves_reached(calling: Meeting, cast: World) -> None:
    mark(calling, cast, CallOutcome.NOT_REACHED, by=cast.theda)
    mark(calling, cast, CallOutcome.REACHED, by=cast.imke, at=MORNING + MINUTE)
    mark(calling, cast, CallOutcome.NOT_REACHED, by=cast.theda, at=MORNING + 2 * MINUTE)

    found = listed(calling, MORNING + 2 * MINUTE)
    assert (found.to_call, [entry.row.person for entry in found.called]) == ([], [cast.susanne])
    assert marks() == [("reached", cast.imke, MORNING + MINUTE)]
    assert verbs() == ["telephone.not_reached", "telephone.reached"]
    with pytest.raises(recall.RecallRefused):
        recall.take_back(calling, by=cast.theda, at=MORNING + 3 * MINUTE)


def test_mark_is_taken_back_once(calling: Meeting, cast: World) -> None:
    mark(calling, cast, CallOutcome.REACHED, by=cast.imke)
    number = row(calling, cast.susanne).pk
    for _time in range(2):
        telephone.take_back(calling, row=number, by=cast.imke, at=MORNING + MINUTE)

    assert (len(listed(calling, MORNING).to_call), marks()) == (1, [])
    assert verbs() == ["telephone.reached", "telephone.taken_back"]


def test_journal_names_nobody(calling: Meeting, cast: World) -> None:
    mark(calling, cast, CallOutcome.REACHED, by=cast.imke)

    change = Change.objects.get(verb="telephone.reached")
    cancelled = Change.objects.get(verb="meeting.cancelled")
    assert (change.subject_type, change.subject_id, change.data, change.body_id) == (
        "attendance",
        row(calling, cast.susanne).pk,
        {"change": cancelled.pk},
        cast.arbeit.pk,
    )


def test_second_move_begins_a_new_list(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    move(february, cast, by=DAY, at=MORNING)
    mark(february, cast, CallOutcome.REACHED, by=cast.imke)
    move(february, cast, by=6 * DAY, at=MORNING + HOUR)

    assert [entry.row.person for entry in listed(february, MORNING + HOUR).to_call] == [cast.susanne]


def test_nobody_else_can_be_marked(calling: Meeting, cast: World) -> None:
    with pytest.raises(telephone.NotOnList) as refused:
        telephone.mark(calling, row=987654, outcome=CallOutcome.REACHED, by=cast.imke, at=MORNING)

    assert (str(refused.value), marks()) == ("Diese Person steht nicht mehr auf der Liste.", [])


def test_meeting_that_takes_place_has_nobody_to_mark(february: Meeting, cast: World) -> None:
    number = row(february, cast.susanne).pk
    for act in (
        lambda: telephone.mark(february, row=number, outcome=CallOutcome.REACHED, by=cast.imke, at=MORNING),
        lambda: telephone.take_back(february, row=number, by=cast.imke, at=MORNING),
    ):
        with pytest.raises(telephone.NotOnList) as refused:
            act()
        assert str(refused.value) == "Für diese Sitzung gibt es keine Telefonliste mehr."
