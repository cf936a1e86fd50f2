"""Short reports of the units: who is asked, until when, and what is written once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.clock import at_local
from buendnisse.enums import Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import agenda_order, agenda_sending, unit_reports
from meetings.domain.versions import Stale
from meetings.enums import MeetingState
from meetings.models import Meeting, UnitReport
from tests import world
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.meetings import AgendaItemFactory, MeetingFactory, StandingItemFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def netwin(cast: World) -> Person:
    """Nadia of Netwin, a member of Arbeit; Lukas is her deputy."""
    unit = OrganisationFactory(slug="netwin", name="Arbeitsmarktprojekt Netwin", short_name="Netwin")
    UnitFactory(organisation=unit)
    nadia, lukas = PersonFactory(organisation=unit, last_name="Haddad"), PersonFactory(organisation=unit)
    MembershipFactory(body=cast.arbeit, person=lukas, role=Role.DEPUTY, is_voting=False)
    MembershipFactory(body=cast.arbeit, person=nadia)
    return nadia


@pytest.fixture
def march(cast: World, netwin: Person) -> Meeting:
    """11 March 2027: the agenda leaves on 25 February, papers come until 8 March."""
    StandingItemFactory(alliance=cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1)
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
    )


def write(
    meeting: Meeting, person: Person, text: str = "41 Vermittlungen.", version: int = 0, **given: Any
) -> UnitReport:
    fields: dict[str, Any] = {"by": person, "at": AT} | given
    return unit_reports.write(meeting, person.organisation, text=text, version=version, **fields)


def told(meeting: Meeting, reader: Person, at: dt.datetime = AT) -> tuple[str, ...]:
    entries = agenda_order.numbered(meeting, reader=reader, at=at).entries
    return next((entry.told for entry in entries if entry.item.standing_code == "units"), ())


def test_member_of_a_unit_is_asked_before_its_deputy(cast: World, march: Meeting, netwin: Person) -> None:
    assert [(row.unit.slug, row.contact, row.report) for row in unit_reports.rows(march, at=AT)] == [
        ("netwin", netwin, None)
    ]


def test_unit_that_ended_before_the_meeting_is_not_asked(march: Meeting, netwin: Person) -> None:
    unit = netwin.organisation.unit
    unit.valid_until = dt.date(2027, 3, 10)
    unit.save()

    assert unit_reports.rows(march, at=AT) == []


def test_unit_without_a_seat_in_this_alliance_is_not_asked(march: Meeting, netwin: Person) -> None:
    Membership.objects.filter(organisation=netwin.organisation).update(until=dt.date(2026, 11, 1))

    assert unit_reports.rows(march, at=AT) == []


def test_alliance_without_the_standing_item_asks_nobody(cast: World, march: Meeting) -> None:
    cast.arbeit.standing_items.all().delete()

    assert unit_reports.waiting_for(march, at=AT) == []


def test_in_time_is_the_last_working_day_before_the_agenda_leaves(march: Meeting) -> None:
    window = unit_reports.window(march, at=AT)

    assert (window.in_time_until, window.late_until) == (dt.date(2027, 2, 24), dt.date(2027, 3, 8))
    assert (window.is_late, window.is_over) == (False, False)


def test_report_stands_under_its_item_for_everybody(cast: World, march: Meeting, netwin: Person) -> None:
    report = write(march, netwin, " 41 Vermittlungen,\ndavon 17 in Teilzeit. ")

    assert told(march, cast.hedwig) == ("Netwin: 41 Vermittlungen, davon 17 in Teilzeit.",)
    change = Change.objects.of(report).get()
    assert (change.verb, change.data) == (
        "unit_report.written",
        {"meeting": march.pk, "unit": netwin.organisation_id},
    )


def test_nothing_to_report_is_an_answer_that_is_not_read_out(cast: World, march: Meeting, netwin: Person) -> None:
    write(march, netwin, "")

    assert (told(march, cast.imke), unit_reports.waiting_for(march, at=AT)) == ((), [])


def test_same_words_again_change_nothing(march: Meeting, netwin: Person) -> None:
    first, second = write(march, netwin), write(march, netwin)

    assert (first, second.version, Change.objects.of(first).count()) == (second, 1, 1)


def test_two_at_once_see_what_the_other_wrote(cast: World, march: Meeting, netwin: Person) -> None:
    write(march, netwin)
    write(march, netwin, "43 Vermittlungen.", version=1, by=cast.imke, via=Via.PHONE)

    with pytest.raises(Stale) as refused:
        write(march, netwin, "42 Vermittlungen.", version=1)

    assert refused.value.current.text == "43 Vermittlungen."


def test_too_long_is_refused(march: Meeting, netwin: Person) -> None:
    with pytest.raises(unit_reports.ReportRefused, match="höchstens|kürzen"):
        write(march, netwin, "x" * 1501)


def test_after_the_agenda_left_it_is_a_nachtrag_until_three_days_before(
    cast: World, march: Meeting, netwin: Person
) -> None:
    AgendaItemFactory(meeting=march, state="accepted", position=1)
    agenda_sending.send_agenda(march, by=cast.imke, at=AT, without_release="Eilt.")
    write(march, netwin)

    entries = agenda_order.numbered(march, reader=cast.susanne, at=AT).entries
    tells = next(entry.tells for entry in entries if entry.item.standing_code == "units")

    assert (tells.lines, tells.later[0].lines) == ((), ("Netwin: 41 Vermittlungen.",))
    assert unit_reports.window(march, at=AT).is_late


@pytest.mark.parametrize(
    ("day", "via", "is_taken"),
    [
        (dt.date(2027, 3, 8), Via.LINK, True),
        (dt.date(2027, 3, 9), Via.LINK, False),
        (dt.date(2027, 3, 9), Via.PHONE, True),
    ],
)
def test_too_late_by_link_is_not_too_late_by_telephone(
    march: Meeting, netwin: Person, day: dt.date, via: str, is_taken: bool
) -> None:
    at = at_local(day, dt.time(20, 0))
    if is_taken:
        assert write(march, netwin, at=at, via=via).via == via
    else:
        with pytest.raises(unit_reports.ReportRefused, match="Für diese Sitzung ist es zu spät"):
            write(march, netwin, at=at, via=via)


def test_cancelled_meeting_takes_no_report(march: Meeting, netwin: Person) -> None:
    Meeting.objects.filter(pk=march.pk).update(state=MeetingState.CANCELLED)
    march.refresh_from_db()

    with pytest.raises(unit_reports.ReportRefused, match="fällt aus"):
        write(march, netwin, via=Via.PHONE)


def test_deputy_of_the_unit_may_write_too_and_a_stranger_may_not(cast: World, march: Meeting, netwin: Person) -> None:
    lukas = Person.objects.get(organisation=netwin.organisation, memberships__role=Role.DEPUTY)

    may = [bool(unit_reports.units_of(one, march, at=AT)) for one in (netwin, lukas, cast.susanne)]

    assert may == [True, True, False]


def test_last_time_is_the_last_report_with_words(cast: World, march: Meeting, netwin: Person) -> None:
    for quarter, text in (("2026-Q3", "Im Sommer 30."), ("2026-Q4", "")):
        earlier = MeetingFactory(alliance=cast.arbeit, quarter=quarter, start=AT, end=AT + dt.timedelta(hours=2))
        item = AgendaItemFactory(meeting=earlier, standing_code="units", state="discussed")
        UnitReport.objects.create(agenda_item=item, unit=netwin.organisation, text=text)

    last = unit_reports.last_time(netwin.organisation, march)

    assert last is not None
    assert last.text == "Im Sommer 30."
