"""Somebody named by name and address is asked first, and invited only after saying yes."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import end_of, local_date
from buendnisse.enums import Role, Via
from buendnisse.models import Membership, Person
from meetings.domain import answers, deputies, planning
from meetings.enums import Answer, DeputyRequestState
from meetings.models import Attendance, DeputyRequest, Meeting
from tests.world import AT, World

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
GRETA = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
HINRICH = {"first_name": "Hinrich", "last_name": "Bruns", "email": "hinrich@verein.example"}


def own(meeting: Meeting, person: Person) -> Attendance:
    rows = Attendance.objects.select_related("meeting__alliance", "deputy__person")
    return rows.get(meeting=meeting, person=person)


def ask(meeting: Meeting, person: Person, at: dt.datetime = AT, **facts: str) -> DeputyRequest:
    made = deputies.ask(own(meeting, person), **(facts or GRETA), via=Via.LINK, by=person, at=at)
    assert isinstance(made, DeputyRequest)
    return made


def states() -> list[str]:
    return list(DeputyRequest.objects.order_by("pk").values_list("state", flat=True))


def test_until_the_yes_nobody_is_invited(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)

    member = own(february, cast.susanne)
    assert (member.answer, answers.deputy_of(member)) == (Answer.DECLINED, None)
    assert not Attendance.objects.filter(meeting=february, person=request.person).exists()
    counted = answers.summary(february)
    assert (counted.requested, counted.declined, counted.represented) == (1, 0, 0)
    assert counted.sentence == (
        "Noch hat niemand zugesagt. Eine Person hat eine Vertretung angefragt, 2 haben noch nicht geantwortet."
    )


def test_yes_makes_the_deputy_and_comes_twice_without_harm(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)

    row = deputies.confirm(request, via=Via.LINK, by=request.person, at=AT + DAY)
    again = deputies.confirm(request, via=Via.LINK, by=request.person, at=AT + DAY)

    assert (row.pk, row.organisation_id, row.answer) == (again.pk, cast.susanne.organisation_id, Answer.ACCEPTED)
    assert answers.deputy_of(own(february, cast.susanne)) == row
    assert states() == [DeputyRequestState.CONFIRMED]


def test_no_leaves_the_member_without_deputy_and_can_become_a_yes(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    deputies.decline(request, via=Via.LINK, by=request.person, at=AT)
    deputies.decline(request, via=Via.LINK, by=request.person, at=AT)
    assert (states(), answers.deputy_of(own(february, cast.susanne))) == ([DeputyRequestState.DECLINED], None)

    deputies.confirm(request, via=Via.LINK, by=request.person, at=AT)

    assert answers.deputy_of(own(february, cast.susanne)) is not None


def test_no_stays_no_once_somebody_else_is_asked(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    deputies.decline(request, via=Via.LINK, by=request.person, at=AT)
    ask(february, cast.susanne, **HINRICH)

    with pytest.raises(answers.AnswerRefused, match="Inzwischen ist jemand anderes gefunden"):
        deputies.confirm(request, via=Via.LINK, by=request.person, at=AT)


def test_same_name_and_address_twice_is_one_person_and_one_request(february: Meeting, cast: World) -> None:
    first = ask(february, cast.susanne)
    second = ask(february, cast.susanne, first_name="greta", last_name="HARMS", email="Greta@verein.example")

    assert first == second
    assert Person.objects.filter(last_name__iexact="harms", first_name__iexact="greta").count() == 1


def test_another_name_withdraws_the_first_question(february: Meeting, cast: World) -> None:
    ask(february, cast.susanne)
    ask(february, cast.susanne, **HINRICH)

    assert states() == [DeputyRequestState.WITHDRAWN, DeputyRequestState.ASKED]


def test_member_who_comes_after_all_withdraws_the_question(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    answers.answer(own(february, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT)

    assert states() == [DeputyRequestState.WITHDRAWN]
    with pytest.raises(answers.AnswerRefused, match="nicht mehr gebraucht"):
        deputies.confirm(request, via=Via.LINK, by=request.person, at=AT)


def test_question_taken_back_asks_the_member_again(february: Meeting, cast: World) -> None:
    ask(february, cast.susanne)
    answers.withdraw_deputy(own(february, cast.susanne), via=Via.LINK, by=cast.susanne, at=AT)

    assert (own(february, cast.susanne).answer, states()) == (Answer.PENDING, [DeputyRequestState.WITHDRAWN])


def test_deputy_on_record_typed_by_hand_needs_no_question(february: Meeting, cast: World) -> None:
    Membership.objects.get_or_create(
        person=cast.rolf, body=february.alliance, role=Role.DEPUTY, organisation=cast.susanne.organisation
    )
    facts = {"first_name": cast.rolf.first_name, "last_name": cast.rolf.last_name, "email": cast.rolf.email}

    named = deputies.ask(own(february, cast.susanne), **facts, via=Via.LINK, by=cast.susanne, at=AT)

    assert isinstance(named, Attendance)
    assert (named.person, states()) == (cast.rolf, [])


def test_question_ends_after_fourteen_days(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    end = end_of(local_date(AT) + 14 * DAY)
    assert request.expires_at == end

    assert deputies.expire(at=end - dt.timedelta(seconds=1)) == 0
    assert (deputies.expire(at=end), deputies.expire(at=end)) == (1, 0)

    assert states() == [DeputyRequestState.EXPIRED]
    with pytest.raises(answers.AnswerRefused, match="abgelaufen"):
        deputies.confirm(request, via=Via.LINK, by=request.person, at=AT + 15 * DAY)


def test_question_ends_at_the_beginning_of_the_meeting(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne, at=february.start - DAY)

    assert request.expires_at == february.start
    with pytest.raises(answers.AnswerRefused, match="hat schon begonnen"):
        deputies.confirm(request, via=Via.LINK, by=request.person, at=february.start)


def test_moved_meeting_takes_the_question_back(february: Meeting, cast: World) -> None:
    ask(february, cast.susanne)
    week = 7 * DAY
    planning.move_date(
        february,
        start=february.start + week,
        end=february.end + week,
        venue=february.venue,
        version=february.version,
        by=cast.imke,
        at=AT,
    )

    assert (states(), own(february, cast.susanne).answer) == ([DeputyRequestState.WITHDRAWN], Answer.PENDING)


def test_who_stands_in_cannot_name_another(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    row = deputies.confirm(request, via=Via.LINK, by=request.person, at=AT)

    with pytest.raises(answers.DeputyRefused, match="Eine Vertretung kann nur das Mitglied nennen"):
        deputies.ask(own(february, row.person), **HINRICH, via=Via.LINK, by=row.person, at=AT)


def test_nobody_is_asked_by_two_members(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    Person.objects.filter(pk=request.person_id).update(organisation=cast.birgit.organisation)

    with pytest.raises(answers.DeputyRefused, match="schon von jemand anderem um Vertretung gebeten"):
        ask(february, cast.birgit)


def test_our_mail_is_not_for_writing_to_strangers(february: Meeting, cast: World) -> None:
    for number in range(deputies.MOST_ASKED):
        ask(february, cast.susanne, first_name="Nr", last_name=f"{number}", email=f"nr{number}@verein.example")

    with pytest.raises(answers.DeputyRefused, match="mehrere Personen gefragt"):
        ask(february, cast.susanne, **HINRICH)
    assert not Person.objects.filter(email=HINRICH["email"]).exists()


def test_address_without_a_yes_is_known_for_one_more_day(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    deputies.decline(request, via=Via.LINK, by=request.person, at=AT)

    assert list(deputies.never_confirmed(at=AT + deputies.KEPT - dt.timedelta(seconds=1))) == []
    assert list(deputies.never_confirmed(at=AT + deputies.KEPT)) == [request.person]


def test_address_with_a_yes_is_kept(february: Meeting, cast: World) -> None:
    request = ask(february, cast.susanne)
    deputies.confirm(request, via=Via.LINK, by=request.person, at=AT)

    assert list(deputies.never_confirmed(at=AT + 30 * DAY)) == []
