"""Looking at mail changes nothing and tells no secret; a year's dates can be looked at before they are fixed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.models import AccessLink, FurtherAddress, Membership, Person
from meetings.domain import year_plan
from meetings.models import Attendance, Meeting
from notifications.domain import dispatch, outbox, previews, render
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.notifications import sending, year
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

TOKEN = "/mq-abcDEF0123456789_~Xy/"


@pytest.fixture
def cast() -> World:
    return world.build()


def link_mail(person: Person) -> OutboxMessage:
    link = AccessLink.objects.create(
        person=person, purpose="unsubscribe", created_at=AT, expires_at=AT + dt.timedelta(days=3)
    )
    message = outbox.write(kind=MailKind.LINK, person=person, occasion="link:1", at=AT, data={"link": link.pk})
    assert message is not None
    return message


def code_mail(person: Person) -> OutboxMessage:
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(minutes=15)).isoformat()}
    message = outbox.write(kind=MailKind.CODE, person=person, occasion="code:1", at=AT, data=data)
    assert message is not None
    return message


def test_code_is_never_shown(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT, is_open=False)

    assert shown == previews.Preview(gone="code")


def test_code_is_shown_in_the_demo(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT, is_open=True)

    assert "482915" in shown.text
    assert "482915" in shown.html


def test_mail_whose_occasion_is_over_says_so(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT + dt.timedelta(hours=1), is_open=True)

    assert shown.gone == "over"


def test_looking_grants_no_link_and_freezes_nothing(cast: World) -> None:
    message = link_mail(cast.susanne)
    before = list(AccessLink.objects.values())
    previews.preview(message, at=AT, is_open=False)

    assert list(AccessLink.objects.values()) == before
    assert (OutboxMessage.objects.get().payload, message.message_id) == (None, "")


def test_personal_links_are_masked_everywhere() -> None:
    payload = (
        "From: a@x.example\r\nTo: b@x.example\r\nSubject: Sitzung\r\nMessage-ID: <1@x.example>\r\n"
        f"List-Unsubscribe: <https://x.example/abbestellen{TOKEN}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: text/plain\r\n\r\nhttps://x.example/antwort{TOKEN}zusagen/\r\n"
        f'--x\r\nContent-Type: text/html\r\n\r\n<a href="https://x.example/antwort{TOKEN}">hier</a>\r\n--x--\r\n'
    ).encode()
    message = OutboxMessage(kind=MailKind.AGENDA, payload=payload, message_id="<1@x.example>")

    shown = previews.preview(message, at=AT, is_open=False)

    assert shown.text.strip() == "https://x.example/antwort/…/zusagen/"
    assert shown.html.strip() == '<a href="https://x.example/antwort/…/">hier</a>'
    assert dict(shown.headers)["Abbestellen"] == "<https://x.example/abbestellen/…/>"
    assert TOKEN in previews.preview(message, at=AT, is_open=True).text


def year_of(cast: World) -> list[Meeting]:
    """Arbeit, Bildung, Gesellschaft and Arbeit again, by date."""
    numbers = [one.pk for one in year.note_all(cast)]
    return list(Meeting.objects.filter(pk__in=numbers).select_related("alliance", "venue").order_by("start"))


def told_afterwards(meetings: list[Meeting], cast: World) -> dict[str, int]:
    """Who really gets how many dates once they are fixed."""
    year.confirm(meetings, cast)
    dispatch.fan_out(at=AT)
    messages = OutboxMessage.objects.filter(kind=MailKind.SAVE_THE_DATE).select_related("person__organisation")
    return {one.person.first_name: render.render(one, at=AT).text.count("Wann: ") for one in messages}


def test_list_names_who_will_get_how_many_dates(cast: World) -> None:
    meetings = year_of(cast)

    listed = previews.recipients(meetings, at=AT)

    assert [(one.person.first_name, one.dates) for one in listed.by_mail] == [
        ("Hedwig", 1),
        ("Birgit", 2),
        ("Susanne", 3),
    ]
    assert listed.without_address == []
    assert {one.person.first_name: one.dates for one in listed.by_mail} == told_afterwards(meetings, cast)


def test_list_names_who_must_be_written_to_or_called(cast: World) -> None:
    Person.objects.filter(pk=cast.hedwig.pk).update(email="")
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    FurtherAddress.objects.create(person=cast.birgit, address="privat@jobcenter.example", gets_copy=False)

    listed = previews.recipients(year_of(cast), at=AT)

    assert [(one.person.first_name, one.copies) for one in listed.by_mail] == [
        ("Birgit", ("vorzimmer@jobcenter.example",)),
        ("Susanne", ()),
    ]
    assert [(one.person.first_name, one.dates) for one in listed.without_address] == [("Hedwig", 1)]


def test_list_follows_memberships_on_the_day_of_each_meeting(cast: World) -> None:
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(until=dt.date(2027, 3, 31))
    meetings = year_of(cast)

    listed = {one.person.first_name: one.dates for one in previews.recipients(meetings, at=AT).by_mail}

    assert listed == {"Hedwig": 1, "Birgit": 2, "Susanne": 2} == told_afterwards(meetings, cast)


def test_mail_looked_at_says_what_will_be_new(cast: World, relay: smtp_sink.Sink) -> None:
    meetings = year_of(cast)
    year.confirm(meetings[:2], cast)
    sending.deliver(relay, at=AT + dt.timedelta(minutes=2))

    shown = previews.save_the_date(cast.susanne, meetings[2:], "", at=AT)

    assert shown.subject == "Arbeit, 13.05.2027: Ein neuer Termin 2027"
    assert "Für Arbeit folgen noch Termine im 3. und 4. Quartal." in " ".join(shown.text.split())


def test_list_counts_what_stands_already(cast: World) -> None:
    meetings = year_of(cast)
    year.confirm(meetings[:2], cast)

    listed = {one.person.first_name: one.dates for one in previews.recipients(meetings[2:], at=AT).by_mail}

    assert listed == {"Hedwig": 1, "Birgit": 2, "Susanne": 3}


def test_list_leaves_out_who_knows_all(cast: World, relay: smtp_sink.Sink) -> None:
    meetings = year_of(cast)
    year.confirm(meetings[1:3], cast)
    sending.deliver(relay, at=sending.after_grace(AT))
    year_plan.reopen(meetings[1:3], year=2027, by=cast.imke, at=AT)

    listed = {one.person.first_name: one.dates for one in previews.recipients(meetings, at=AT).by_mail}

    assert listed == {"Birgit": 2, "Susanne": 3}  # Hedwig's only date was told already


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(cast: World, django_assert_num_queries: Any, count: int) -> None:
    meetings = year_of(cast)[:count]

    with django_assert_num_queries(7):
        previews.recipients(meetings, at=AT)


def test_year_without_a_meeting_reaches_nobody(cast: World) -> None:
    assert previews.recipients([], at=AT) == previews.Recipients()
    assert previews.save_the_date(cast.susanne, [], "", at=AT) == previews.Preview(gone="over")


def test_dates_look_before_as_they_look_when_they_leave(cast: World) -> None:
    meetings = year_of(cast)
    before = previews.save_the_date(cast.susanne, meetings, "Auf ein gutes Jahr.", at=AT, is_open=True)
    year.confirm(meetings, cast, introduction="Auf ein gutes Jahr.")
    dispatch.fan_out(at=AT)
    message = OutboxMessage.objects.get(kind=MailKind.SAVE_THE_DATE, person=cast.susanne)

    left = render.render(message, at=AT)

    masked = [previews._TOKEN.sub("", text) for text in (before.subject, before.text, before.html)]
    assert masked == [previews._TOKEN.sub("", text) for text in (left.subject, left.text, left.html)]


def test_looking_at_dates_stores_nothing_and_shows_no_link(cast: World) -> None:
    meetings = year_of(cast)

    shown = previews.save_the_date(cast.susanne, meetings, "", at=AT)

    stored = (AccessLink.objects.count(), OutboxMessage.objects.count(), Attendance.objects.count())
    assert (stored, shown.text.count("/sitzung/…/"), shown.html.count("/kalender/…/")) == ((0, 0, 0), 3, 1)


def test_who_has_no_date_of_these_has_no_mail_to_look_at(cast: World) -> None:
    meetings = year_of(cast)

    assert [previews.save_the_date(one, meetings, "", at=AT).gone for one in (cast.sven, cast.corinna)] == ["over"] * 2
