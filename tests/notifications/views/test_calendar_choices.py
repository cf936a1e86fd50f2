"""What a person's calendar holds by their choice, the Fachstelle's calendar, and one meeting as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from buendnisse import clock
from buendnisse.domain import forgetting, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Alliance, Change, Installation, Membership, Person, Venue
from meetings.domain import planning
from meetings.enums import Answer, DeadlineKind
from meetings.models import ActionItem, Attendance, Meeting
from notifications.domain import feeds, qr_code, urls_for
from notifications.models import FeedChoice, Invitation
from tests.groups import require
from tests.notifications.views.test_calendar import address, at_nine, fetch, link_of, meetings, page
from tests.support import libical
from tests.world import AT, World

__all__ = ["at_nine", "meetings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

DAY = dt.timedelta(days=1)


def choose(client: Client, person: Person, **wishes: str) -> Any:
    return client.post(page(person), {"do": "choose", **wishes})


def summaries(client: Client, person: Person) -> list[tuple[str, str]]:
    return [(f"{event['DTSTART'].dt:%d.%m.%Y}", str(event["SUMMARY"])) for event in fetch(client, person)]


def mailed(meeting: Meeting, person: Person, method: str = "REQUEST") -> None:
    said = {"last_method": method, "last_start": meeting.start, "last_end": meeting.end}
    uid = f"{meeting.pk}.{person.pk}@x.example"
    Invitation.objects.update_or_create(meeting=meeting, person=person, defaults={"uid": uid, **said, "created_at": AT})


def task(person: Person, meeting: Meeting) -> ActionItem:
    return ActionItem.objects.create(
        alliance=meeting.alliance,
        meeting=meeting,
        owner=person,
        organisation=person.organisation,
        task="Liste der Räume schicken",
        due_on=dt.date(2027, 1, 15),
    )


def test_without_what_mail_put_into_the_calendar(client: Client, cast: World, meetings: list[Meeting]) -> None:
    mailed(meetings[0], cast.susanne)
    before = summaries(client, cast.susanne)
    response = choose(client, cast.susanne, without_invited="on")

    assert response["Location"] == page(cast.susanne)
    assert [day for day, _ in before] == ["11.02.2027", "17.02.2027", "13.05.2027"]
    assert [day for day, _ in summaries(client, cast.susanne)] == ["17.02.2027", "13.05.2027"]


def test_cancelled_by_mail_is_left_out_but_a_members_place_given_up_is_not(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    choose(client, cast.susanne, without_invited="on")
    mailed(meetings[0], cast.susanne, "CANCEL")
    assert [day for day, _ in summaries(client, cast.susanne)] == ["11.02.2027", "17.02.2027", "13.05.2027"]

    planning.cancel(meetings[0], reason="Glatteis.", by=cast.imke, at=AT)
    assert [day for day, _ in summaries(client, cast.susanne)] == ["17.02.2027", "13.05.2027"]


def test_own_deadlines_and_tasks_are_days_that_leave_the_time_free(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    own = task(cast.hedwig, meetings[2])
    task(cast.susanne, meetings[0])
    choose(client, cast.hedwig, with_deadlines="on")

    events = fetch(client, cast.hedwig)
    found = [(event["DTSTART"].dt, str(event["SUMMARY"]), str(event["TRANSP"])) for event in events[:2]]
    assert found == [
        (dt.date(2027, 1, 15), "Aufgabe: Liste der Räume schicken", "TRANSPARENT"),
        (events[1]["DTSTART"].dt, "Gesellschaft: letzter Tag für Themen", "TRANSPARENT"),
    ]
    assert (len(events), events[0]["DTEND"].dt) == (3, dt.date(2027, 1, 16))
    assert [str(event["UID"]) for event in fetch(client, cast.hedwig)] == [str(event["UID"]) for event in events]

    ActionItem.objects.filter(pk=own.pk).update(state="done", completed_on=AT.date())
    assert len(fetch(client, cast.hedwig)) == 2


def test_deputies_and_guests_have_the_deadlines_of_their_bodies_alone(
    client: Client, cast: World, meetings: list[Meeting]
) -> None:
    for person in (cast.rolf, cast.corinna):
        choose(client, person, with_deadlines="on")

    assert [len(fetch(client, person)) for person in (cast.rolf, cast.corinna)] == [4, 2]


def test_fachstelle_sees_all_bodies_with_every_deadline(client: Client, cast: World, meetings: list[Meeting]) -> None:
    whole = summaries(client, cast.imke)
    choose(client, cast.imke)

    assert [day for day, _ in summaries(client, cast.imke)] == ["11.02.2027", "17.02.2027", "03.03.2027", "13.05.2027"]
    of_february = sorted(words for _, words in whole if words.startswith("Gesellschaft:"))
    assert of_february == [
        "Gesellschaft: Aufruf zu Themen",
        "Gesellschaft: Einladung mit Tagesordnung",
        "Gesellschaft: Einwände möglich bis",
        "Gesellschaft: Erinnerung an Themen",
        "Gesellschaft: Protokoll an alle",
        "Gesellschaft: Protokoll an den Vorsitz",
        "Gesellschaft: Redaktionsschluss",
        "Gesellschaft: Unterlagen nachreichen bis",
    ]
    assert len(whole) == 4 + 4 * 8


@pytest.mark.parametrize("count", [1, 3])
def test_everything_together_costs_two_queries_changed_or_not(
    client: Client, cast: World, meetings: list[Meeting], django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        task(cast.imke, meetings[0])
    FeedChoice.objects.create(person=cast.imke, with_deadlines=True, without_invited=True, changed_at=AT)
    url = address(cast.imke)

    with django_assert_num_queries(2):
        first = client.get(url)
    with django_assert_num_queries(2), clock.frozen(AT + DAY):
        again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_choice_is_one_line_in_the_journal_and_none_where_it_holds_already(client: Client, cast: World) -> None:
    for _twice in range(2):
        choose(client, cast.hedwig, with_deadlines="on")

    [change] = Change.objects.filter(verb="person.feed_chosen")
    assert (change.subject_id, change.by, change.via) == (cast.hedwig.pk, cast.hedwig, "mail_link")
    assert change.data == {"without_invited": False, "with_deadlines": True}
    assert client.get(page(cast.hedwig)).context["form"].initial == {**change.data, "do": "choose"}


def test_button_nobody_knows_changes_nothing(client: Client, cast: World) -> None:
    link = link_of(cast.hedwig)
    client.post(page(cast.hedwig), {"do": "delete"})

    assert (FeedChoice.objects.count(), AccessLink.objects.get(pk=link.pk).generation) == (0, 1)


def test_ended_address_is_gone(client: Client, cast: World, meetings: list[Meeting]) -> None:
    url, own = address(cast.susanne), page(cast.susanne)

    response = client.post(own, {"do": "end"}, follow=True)

    assert "<h1>Ihr Abo ist beendet</h1>" in response.content.decode()
    assert (client.get(url).status_code, client.head(url).status_code, client.get(own).status_code) == (410, 410, 410)
    [change] = Change.objects.filter(verb="link.ended")
    assert (change.by, change.via) == (cast.susanne, "mail_link")
    assert client.get(address(cast.susanne)).status_code == 200  # asked for again: another address


def test_address_of_somebody_who_was_forgotten_is_gone(client: Client, cast: World, meetings: list[Meeting]) -> None:
    first = address(cast.susanne)
    feeds.renew(link_of(cast.susanne), at=AT)
    urls = [first, address(cast.susanne)]
    forgetting.pseudonymise(cast.susanne, at=AT)

    assert AccessLink.objects.filter(person=cast.susanne).count() == 0
    assert [(client.get(url).status_code, client.head(url).status_code) for url in urls] == [(410, 410)] * 2
    forged = f"{urls[1][:-5]}{'A' if urls[1][-5] != 'A' else 'B'}.ics"
    assert client.get(forged).status_code == 404


def test_address_that_ended_long_ago_is_still_gone(client: Client, cast: World, meetings: list[Meeting]) -> None:
    url, over = address(cast.susanne), AT + urls_for.FEED_FOR + links.KEPT_AFTER_EXPIRY + DAY
    assert links.forget_expired(at=over, limit=10) == 1

    with clock.frozen(over):
        assert client.get(url).status_code == 410


def test_token_for_something_else_is_no_calendar_that_ended(client: Client, cast: World) -> None:
    link = links.grant(cast.susanne, purpose=LinkPurpose.SETTINGS, until=AT + DAY, at=AT)
    url = f"/kalender/{links.token(link)}.ics"
    forgetting.pseudonymise(cast.susanne, at=AT)

    assert client.get(url).status_code == 404


def test_page_shows_the_address_as_a_picture_too(client: Client, cast: World, meetings: list[Meeting]) -> None:
    response = client.get(page(cast.susanne))

    code, addresses = response.context["code"], response.context["addresses"]
    assert code == qr_code.of(addresses.webcal)  # behind https a telephone opens or saves the file, once
    assert (code.size, code.path[:9]) == (41, "M4 4h7v1h")  # version 4 with its white border
    assert 'role="img" aria-label="QR-Code zum Abonnieren Ihres Kalenders.' in response.content.decode()


def test_one_meeting_comes_as_a_file_from_its_page_its_letter_and_the_calendar(
    client: Client, desk: Client, cast: World, february: Meeting
) -> None:
    require("libical")
    letter = links.grant(cast.susanne, purpose=LinkPurpose.MEETING, subject=february, until=AT + DAY, at=AT)
    urls = (f"/sitzung/{links.token(letter)}/termin.ics", f"{page(cast.susanne)}{february.slug}.ics")
    files = [client.get(url) for url in urls] + [desk.get(f"/sitzungen/{february.slug}/termin.ics")]

    for response in files:
        assert response["Content-Disposition"] == f'attachment; filename="sitzung-{february.slug}.ics"'
        parsed = Calendar.from_ical(response.content)
        [event] = parsed.walk("VEVENT")
        assert [name in parsed for name in ("METHOD", "NAME", "SOURCE")] == [False, False, False]
        assert ("ATTENDEE" in event, "ORGANIZER" in event, event["DTSTART"].dt) == (False, False, february.start)
    assert files[0].content == files[1].content
    assert libical.faults(files[0].content) == []
    assert fetch(client, cast.susanne)[0]["UID"] == event_of(files[0])["UID"]


def test_meeting_that_is_not_the_persons_is_not_found(client: Client, cast: World, meetings: list[Meeting]) -> None:
    assert client.get(f"{page(cast.hedwig)}{meetings[0].slug}.ics").status_code == 404


def test_days_satisfy_libical(client: Client, cast: World, meetings: list[Meeting]) -> None:
    require("libical")
    task(cast.imke, meetings[0])

    assert libical.faults(client.get(address(cast.imke)).content) == []


def test_desk_comes_to_its_calendar_from_a_meeting(desk: Client, cast: World, february: Meeting) -> None:
    assert AccessLink.objects.filter(purpose=LinkPurpose.FEED).count() == 0
    response = desk.post("/meine-seite/oeffnen/", {"purpose": "feed", "number": 0})

    [link] = AccessLink.objects.filter(purpose=LinkPurpose.FEED)
    assert (link.expires_at, response["Location"]) == (
        AT + urls_for.FEED_FOR,
        urls_for.absolute(f"/kalender/{links.token(link)}/"),
    )


def event_of(response: Any) -> Any:
    return Calendar.from_ical(response.content).walk("VEVENT")[0]


def test_whatever_changes_the_calendar_is_seen_by_a_process_that_knew_it(
    client: Client, cast: World, february: Meeting
) -> None:
    """Each of these is told with the next fetch, in the bytes that a process makes which never saw the calendar before."""
    own = Attendance.objects.filter(meeting=february, person=cast.susanne)
    job, last_day = task(cast.susanne, february), str(DeadlineKind.EDITORIAL_DEADLINE)
    choose(client, cast.susanne, with_deadlines="on")
    url = address(cast.susanne)
    steps: list[Callable[[], object]] = [
        lambda: Venue.objects.filter(pk=cast.venue.pk).update(bus_note="Stadtbus bis 21:10 Uhr"),
        lambda: Meeting.objects.filter(pk=february.pk).update(title="Mit neuem Titel"),
        lambda: Alliance.objects.filter(pk=cast.arbeit.pk).update(name="Arbeitsbündnis Arbeit und Beruf"),
        lambda: Meeting.objects.filter(pk=february.pk).update(deadline_overrides={last_day: "2027-01-20"}),
        lambda: own.update(answer=Answer.DECLINED),
        lambda: own.update(answer_is_for_earlier_date=True),
        lambda: mailed(february, cast.susanne),
        lambda: Invitation.objects.filter(person=cast.susanne).update(sequence=4),
        lambda: ActionItem.objects.filter(pk=job.pk).update(task="Liste der Räume und Zeiten schicken"),
        lambda: Installation.objects.update_or_create(pk=1, defaults={"district": "Landkreis Haseburg"}),
        lambda: own.update(is_asked=False),
        lambda: Membership.objects.filter(person=cast.susanne).update(until=AT.date() - DAY),
        lambda: choose(client, cast.susanne, without_invited="on"),
    ]
    known = client.get(url)
    for number, step in enumerate(steps):
        step()
        told = client.get(url, headers={"if-none-match": known["ETag"]})
        feeds._KNOWN.clear()
        anew = client.get(url)
        assert (number, told.status_code, told.content) == (number, 200, anew.content)
        assert (told["ETag"], told.content) != (known["ETag"], known.content)
        assert client.get(url, headers={"if-none-match": told["ETag"]}).status_code == 304
        known = told
