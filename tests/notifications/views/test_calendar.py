"""A person's calendar: the file that programs fetch, and the page that explains it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.http import http_date
from icalendar import Calendar

from buendnisse import clock
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Change, Person
from meetings.domain import answers, merging, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import urls_for
from notifications.models import Invitation
from tests.factories.buendnisse import PersonFactory
from tests.groups import require
from tests.notifications import sending, year
from tests.support import libical, smtp_sink
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

DAY = dt.timedelta(days=1)


@pytest.fixture
def at_nine() -> Iterator[None]:
    assert connection.features.supports_json_field  # Django asks SQLite once a process, and queries are counted here
    with clock.frozen(AT):
        yield


@pytest.fixture
def meetings(cast: World) -> list[Meeting]:
    """Arbeit in February and May, Bildung in February, Gesellschaft in March 2027."""
    planned = year.note_all(cast)
    year.confirm(planned, cast)
    return planned


def link_of(person: Person) -> AccessLink:
    return links.grant(person, purpose=LinkPurpose.FEED, until=AT + urls_for.FEED_FOR, at=AT)


def page(person: Person) -> str:
    return f"/kalender/{links.token(link_of(person))}/"


def address(person: Person) -> str:
    return f"/kalender/{links.token(link_of(person))}.ics"


def fetch(client: Client, person: Person, *, at: dt.datetime = AT) -> list[Any]:
    with clock.frozen(at):
        response = client.get(address(person))
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def shown(client: Client, person: Person, *, at: dt.datetime = AT) -> list[tuple[str, str, str]]:
    """Day, status and whether the time is taken, of each meeting."""
    return [
        (f"{event['DTSTART'].dt:%d.%m.%Y}", str(event["STATUS"]), str(event["TRANSP"]))
        for event in fetch(client, person, at=at)
    ]


def test_member_sees_all_meetings_of_the_own_bodies(client: Client, cast: World, meetings: list[Meeting]) -> None:
    assert shown(client, cast.susanne) == [
        ("11.02.2027", "CONFIRMED", "OPAQUE"),
        ("17.02.2027", "CONFIRMED", "OPAQUE"),
        ("13.05.2027", "CONFIRMED", "OPAQUE"),
    ]
    assert shown(client, cast.hedwig) == [("03.03.2027", "CONFIRMED", "OPAQUE")]


def test_calendar_keeps_its_uid_when_its_address_is_renewed(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    def head() -> tuple[str, str]:
        read = Calendar.from_ical(client.get(address(cast.susanne)).content)
        return str(read["UID"]), str(read["URL"])

    (uid, url), own = head(), page(cast.susanne)
    link_requests.replace(link_of(cast.susanne), until=AT + urls_for.FEED_FOR, at=AT)
    renewed_uid, renewed_url = head()

    assert (renewed_uid, url) == (uid, urls_for.absolute(own))
    assert renewed_url == urls_for.absolute(page(cast.susanne)) != url


def test_posting_to_the_feed_is_no_method_it_knows(cast: World) -> None:
    assert Client(enforce_csrf_checks=True).post(address(cast.susanne)).status_code == 405


def test_deputy_sees_them_without_being_expected(client: Client, cast: World, meetings: list[Meeting]) -> None:
    assert shown(client, cast.rolf) == [
        ("11.02.2027", "CONFIRMED", "TRANSPARENT"),
        ("13.05.2027", "CONFIRMED", "TRANSPARENT"),
    ]


def test_guest_sees_what_the_guest_is_asked_to(client: Client, cast: World, meetings: list[Meeting]) -> None:
    meetings[0].attendance.filter(person=cast.corinna).update(is_asked=False)

    assert shown(client, cast.corinna) == [("13.05.2027", "CONFIRMED", "OPAQUE")]


@pytest.mark.parametrize("name", ["sven", "lueder"])
def test_who_belongs_nowhere_sees_an_empty_calendar(
    client: Client, cast: World, meetings: list[Meeting], name: str
) -> None:
    assert fetch(client, getattr(cast, name)) == []


def test_noted_date_and_one_cancelled_before_it_was_told_are_not_shown(client: Client, cast: World) -> None:
    year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))
    gone = year.note(cast.arbeit, cast, day=dt.date(2027, 5, 13))
    planning.cancel(gone, reason="Doch nicht.", by=cast.imke, at=AT)

    assert fetch(client, cast.susanne) == []


def test_cancelled_meeting_stays_ninety_days(client: Client, cast: World, meetings: list[Meeting]) -> None:
    planning.cancel(meetings[2], reason="Glatteis.", by=cast.imke, at=AT)

    [event] = fetch(client, cast.hedwig)

    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Abgesagt: Arbeitsbündnis Gesellschaft: Sitzung")
    assert len(fetch(client, cast.hedwig, at=AT + 89 * DAY)) == 1
    assert fetch(client, cast.hedwig, at=AT + 91 * DAY) == []


def test_past_meeting_stays_twelve_months(client: Client, cast: World, meetings: list[Meeting]) -> None:
    end = meetings[2].end

    assert len(fetch(client, cast.hedwig, at=end + 364 * DAY)) == 1
    assert fetch(client, cast.hedwig, at=end + 366 * DAY) == []


def test_link_to_take_part_is_for_those_who_are_asked(client: Client, cast: World, february: Meeting) -> None:
    asked, reading = fetch(client, cast.susanne), fetch(client, cast.rolf)

    found = ["https://konferenz.example/arbeit" in events[0]["DESCRIPTION"] for events in (asked, reading)]
    assert found == [True, False]


def test_who_sent_a_deputy_or_declined_is_free_then(client: Client, cast: World, february: Meeting) -> None:
    def own(person: Person) -> Attendance:
        return Attendance.objects.select_related("meeting__alliance").get(meeting=february, person=person)

    def seen() -> list[tuple[str, bool]]:
        """Of Susanne, Birgit and Rolf: whether the time is taken, and whether the link to take part is there."""
        events = [fetch(client, person)[0] for person in (cast.susanne, cast.birgit, cast.rolf)]
        return [(str(one["TRANSP"]), "https://konferenz.example/arbeit" in one["DESCRIPTION"]) for one in events]

    asked, declined, reading = ("OPAQUE", True), ("TRANSPARENT", True), ("TRANSPARENT", False)
    assert seen() == [asked, asked, reading]

    answers.name_deputy(own(cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT)
    answers.answer(own(cast.birgit), answer=Answer.DECLINED, via=Via.LINK, by=cast.birgit, at=AT)
    assert seen() == [reading, declined, asked]

    answers.withdraw_deputy(own(cast.susanne), via=Via.LINK, by=cast.susanne, at=AT)
    Attendance.objects.filter(person=cast.birgit).update(answer_is_for_earlier_date=True)
    assert seen() == [asked, asked, reading]


@pytest.mark.django_db(transaction=True)
def test_uid_is_that_of_the_mails_before_and_after_the_first(
    client: Client, cast: World, february: Meeting, relay: smtp_sink.Sink
) -> None:
    before = str(fetch(client, cast.susanne)[0]["UID"])
    got = sending.deliver(relay, at=AT + dt.timedelta(minutes=1))
    [after] = fetch(client, cast.susanne)

    assert before == sending.calendar(got["susanne@verein.example"])["UID"] == str(after["UID"])


def test_sequence_is_that_of_the_mails(client: Client, cast: World, meetings: list[Meeting]) -> None:
    Invitation.objects.create(meeting=meetings[2], person=cast.hedwig, uid="1.ab@x.example", sequence=3, created_at=AT)

    [event] = fetch(client, cast.hedwig)

    assert (str(event["UID"]), event["SEQUENCE"]) == ("1.ab@x.example", 3)


def test_stamp_is_the_last_change(client: Client, cast: World, meetings: list[Meeting]) -> None:
    moved = meetings[2]
    planning.move_date(
        moved,
        start=moved.start + DAY,
        end=moved.end + DAY,
        venue=moved.venue,
        version=moved.version,
        conflict_reason="Geht.",
        by=cast.imke,
        at=AT + DAY,
    )

    [event] = fetch(client, cast.hedwig, at=AT + 5 * DAY)

    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (AT + DAY, AT + DAY)


def test_program_gets_a_calendar_it_may_keep_for_a_while(client: Client, cast: World, meetings: list[Meeting]) -> None:
    response = client.get(address(cast.susanne))

    headers = {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "X-Robots-Tag")}
    assert headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, max-age=900",
        "X-Robots-Tag": "noindex",
    }
    assert (dict(response.cookies), "Content-Disposition" in response.headers) == ({}, False)


def test_unchanged_calendar_is_not_sent_again(client: Client, cast: World, meetings: list[Meeting]) -> None:
    first = client.get(address(cast.susanne))
    with clock.frozen(AT + DAY):
        again = client.get(address(cast.susanne), headers={"if-none-match": first["ETag"]})
    planning.cancel(meetings[0], reason="Glatteis.", by=cast.imke, at=AT + DAY)
    changed = client.get(address(cast.susanne), headers={"if-none-match": first["ETag"]})

    assert (first["ETag"].startswith('"'), again.status_code, again.content) == (True, 304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "private, max-age=900")
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_program_that_knows_no_etag_asks_by_the_last_change(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    def again(**headers: str) -> int:
        return client.get(
            address(cast.susanne), headers={"if-modified-since": first["Last-Modified"], **headers}
        ).status_code

    first = client.get(address(cast.susanne))
    later = http_date((AT + DAY).timestamp())
    assert first["Last-Modified"] == http_date(AT.timestamp())
    assert (again(), again(**{"if-modified-since": later}), again(**{"if-none-match": '"other"'})) == (304, 200, 200)
    with clock.frozen(AT + DAY):
        assert client.get(address(cast.susanne))["Last-Modified"] == first["Last-Modified"]

    row = Attendance.objects.select_related("meeting__alliance").get(meeting=meetings[0], person=cast.susanne)
    answers.answer(row, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=AT + DAY)
    assert (again(), again(**{"if-modified-since": later})) == (200, 304)

    planning.cancel(meetings[0], reason="Glatteis.", by=cast.imke, at=AT + 2 * DAY)
    changed = client.get(address(cast.susanne), headers={"if-modified-since": later})
    assert (changed.status_code, changed["Last-Modified"]) == (200, http_date((AT + 2 * DAY).timestamp()))


def test_empty_calendar_has_no_last_change(client: Client, cast: World) -> None:
    response = client.get(address(cast.sven), headers={"if-modified-since": http_date(AT.timestamp())})

    assert (response.status_code, "Last-Modified" in response.headers) == (200, False)


def test_head_tells_the_same_without_the_calendar(client: Client, cast: World, meetings: list[Meeting]) -> None:
    whole, head = client.get(address(cast.susanne)), client.head(address(cast.susanne))

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_fetching_writes_nothing(client: Client, cast: World, meetings: list[Meeting]) -> None:
    url = address(cast.susanne)
    before = (Change.objects.count(), Invitation.objects.count(), list(AccessLink.objects.values()))
    client.get(url)

    assert (Change.objects.count(), Invitation.objects.count(), list(AccessLink.objects.values())) == before


@pytest.mark.parametrize("count", [1, 3])
def test_cost_does_not_grow_with_meetings(
    client: Client, cast: World, django_assert_num_queries: Any, count: int
) -> None:
    days = [dt.date(2027, 2, 11), dt.date(2027, 5, 13), dt.date(2027, 8, 19)]
    year.confirm([year.note(cast.arbeit, cast, day=day) for day in days[:count]], cast)
    url = address(cast.susanne)

    with django_assert_num_queries(2):
        first = client.get(url)
    with django_assert_num_queries(2):
        assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_calendar_satisfies_libical(client: Client, cast: World, meetings: list[Meeting]) -> None:
    require("libical")
    planning.cancel(meetings[0], reason="Glatteis.", by=cast.imke, at=AT)

    assert [libical.faults(client.get(address(person)).content) for person in (cast.susanne, cast.sven)] == [[], []]


def test_revoked_address_is_gone_and_an_unknown_one_not_found(client: Client, cast: World) -> None:
    url = address(cast.susanne)
    link_requests.revoke_all(cast.susanne, at=AT)

    assert (client.get(url).status_code, client.head(url).status_code) == (410, 410)
    assert client.get("/kalender/mq-0123456789abcdefghij.ics").status_code == 404
    forged = url.removesuffix(".ics")[:-1] + ("A" if url[-5] != "A" else "B")
    assert client.get(f"{forged}.ics").status_code == 404


def test_address_of_a_double_goes_on_with_the_calendar_of_the_person(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    """Both had one, and only one link of a purpose can be the person's: the double's leads there."""
    double = PersonFactory(organisation=cast.susanne.organisation)
    old, own = address(double), address(cast.susanne)

    def entries(url: str) -> set[str]:
        return {str(event["UID"]) for event in Calendar.from_ical(client.get(url).content).walk("VEVENT")}

    assert entries(old) == set()
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert entries(old) == entries(own) != set()


def test_address_of_somebody_who_left_is_gone(client: Client, cast: World) -> None:
    url = address(cast.susanne)
    Person.objects.filter(pk=cast.susanne.pk).update(active_until=AT.date() - DAY)

    assert client.get(url).status_code == 410


def test_link_for_something_else_opens_no_calendar(client: Client, cast: World) -> None:
    other = links.grant(cast.susanne, purpose=LinkPurpose.SETTINGS, until=AT + DAY, at=AT)

    assert client.get(f"/kalender/{links.token(other)}.ics").status_code == 404


def test_page_offers_three_ways_to_the_same_calendar(client: Client, cast: World, meetings: list[Meeting]) -> None:
    response = client.get(page(cast.susanne))

    found = response.context["addresses"]
    assert (found.webcal, found.https, found.download) == (
        f"webcal://127.0.0.1:8000{address(cast.susanne)}",
        f"http://127.0.0.1:8000{address(cast.susanne)}",
        f"{address(cast.susanne)}?herunterladen=ja",
    )
    assert [part in response.content.decode() for part in (f'href="{found.webcal}"', f'value="{found.https}"')] == [
        True,
        True,
    ]


def test_download_comes_as_a_file(client: Client, cast: World, meetings: list[Meeting]) -> None:
    response = client.get(f"{address(cast.susanne)}?herunterladen=ja")

    assert response["Content-Disposition"] == 'attachment; filename="sitzungen.ics"'
    assert response.content == client.get(address(cast.susanne)).content


def test_renewed_address_ends_the_old_one(client: Client, cast: World, meetings: list[Meeting]) -> None:
    old, old_page = address(cast.susanne), page(cast.susanne)

    response = client.post(old_page, {"do": "renew"})

    assert (response.status_code, response["Location"]) == (302, page(cast.susanne))
    said = client.get(response["Location"]).context["messages"]
    assert [str(message) for message in said] == ["Ihr Kalender hat eine neue Adresse. Die alte gilt nicht mehr."]
    assert [client.get(url).status_code for url in (old, old_page, address(cast.susanne))] == [410, 410, 200]
    [change] = Change.objects.filter(verb="link.replaced")
    assert (change.by, change.via, change.subject_id) == (cast.susanne, "mail_link", link_of(cast.susanne).pk)


def test_looking_at_the_page_renews_nothing(client: Client, cast: World) -> None:
    client.get(page(cast.susanne))

    assert link_of(cast.susanne).generation == 1
