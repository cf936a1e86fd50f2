"""The pages after a cancellation: the list, its marks, the mail on its way, the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from buendnisse import clock
from buendnisse.models import Change, Person
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import dispatch
from notifications.enums import CallOutcome, MailKind, OutboxState
from notifications.models import OutboxMessage, TelephoneMark
from tests.factories.buendnisse import PersonFactory
from tests.notifications.short_notice import MINUTE, MORNING, cancel, move, row
from tests.world import World

pytestmark = pytest.mark.django_db

BACKEND = "notifications.adapters.SignInBackend"
PAGE = "/sitzungen/2027-q1-arbeit/"
LIST = f"{PAGE}telefonliste/"


@pytest.fixture
def morning() -> Iterator[None]:
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def off(february: Meeting, cast: World, morning: None) -> Meeting:
    """Cancelled at seven; Alfons has no address and would come."""
    dispatch.fan_out(at=MORNING - MINUTE)
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=MORNING)
    alfons = PersonFactory(first_name="Alfons", last_name="Többen", email="", phone="00000 31 17")
    Attendance.objects.create(
        meeting=february, person=alfons, organisation=alfons.organisation, role="member", answer="accepted"
    )
    cancel(february, cast)
    return february


def alfons() -> Attendance:
    return Attendance.objects.get(person__first_name="Alfons")


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def press(desk: Client, mark: str, number: object) -> Any:
    return desk.post(LIST, {"row": number, "mark": mark})


def test_reason_is_read_out_as_a_sentence(desk: Client, off: Meeting) -> None:
    Meeting.objects.update(cancel_reason="der Raum ist nicht frei")

    assert "findet nicht statt. Der Raum ist nicht frei.“" in desk.get(LIST).content.decode()


def test_list_says_whom_to_call_and_what_to_say(desk: Client, off: Meeting) -> None:
    text = desk.get(LIST).content.decode()

    assert "<h1>1 von 4 noch anrufen</h1>" in text
    assert '<a class="tel nowrap" href="tel:000003117"><span class="sr">Alfons Többen: </span>00000 31 17</a>' in text
    assert "3 Mails gehen in 60\N{NO-BREAK SPACE}Sekunden." in text
    assert "findet nicht statt. Glatteis.“" in text


def test_mark_brings_back_to_the_person(desk: Client, off: Meeting, cast: World) -> None:
    number = alfons().pk
    response = press(desk, "reached", number)
    after = desk.get(LIST)

    assert response.headers["Location"] == f"{LIST}#person-{number}"
    assert "<h1>Noch niemand anzurufen</h1>" in after.content.decode()
    assert [entry.row.pk for entry in after.context["calls"].called] == [number]
    mark = TelephoneMark.objects.get()
    assert (mark.outcome, mark.by, mark.at) == (CallOutcome.REACHED, cast.imke, MORNING)


def test_mark_is_taken_back(desk: Client, off: Meeting) -> None:
    number = alfons().pk
    press(desk, "not_reached", number)
    press(desk, "take_back", number)

    assert "<h1>1 von 4 noch anrufen</h1>" in desk.get(LIST).content.decode()
    assert list(Change.objects.filter(subject_type="attendance", verb__startswith="telephone").values_list("verb")) == [
        ("telephone.not_reached",),
        ("telephone.taken_back",),
    ]


@pytest.mark.parametrize(
    ("row_number", "mark"),
    [("", "reached"), ("x", "reached"), ("0", "reached"), ("9" * 30, "reached"), ("1", "spoken"), ("1", "")],
)
def test_nonsense_changes_nothing(desk: Client, off: Meeting, row_number: str, mark: str) -> None:
    response = press(desk, mark, row_number)

    assert (response.headers["Location"], TelephoneMark.objects.count()) == (LIST, 0)
    assert said(response) == ["Das haben wir nicht verstanden. Bitte wählen Sie einen der Knöpfe."]


def test_stranger_to_the_list_is_refused_in_words(desk: Client, off: Meeting) -> None:
    assert said(press(desk, "reached", 2**63 - 1)) == ["Diese Person steht nicht mehr auf der Liste."]


def test_get_changes_nothing(desk: Client, off: Meeting) -> None:
    desk.get(LIST, {"row": alfons().pk, "mark": "reached"})

    assert TelephoneMark.objects.count() == 0


def test_meeting_that_takes_place_says_so(desk: Client, february: Meeting, morning: None) -> None:
    response = desk.get(LIST)

    assert response.status_code == 200
    assert "Hier muss niemand angerufen werden." in response.content.decode()
    assert said(press(desk, "reached", 1)) == ["Für diese Sitzung gibt es keine Telefonliste mehr."]


def test_list_is_closed_once_the_time_of_the_meeting_is_over(desk: Client, off: Meeting) -> None:
    with clock.frozen(off.end + MINUTE):
        text = desk.get(LIST).content.decode()
        refused = press(desk, CallOutcome.REACHED, alfons().pk)

    assert (text.count("Die Zeit dieser Sitzung ist vorbei."), text.count("Többen")) == (1, 0)
    assert said(refused) == ["Für diese Sitzung gibt es keine Telefonliste mehr."]
    assert not TelephoneMark.objects.exists()


def test_page_of_the_meeting_shows_the_minute_and_the_way_back(desk: Client, off: Meeting) -> None:
    text = desk.get(PAGE).content.decode()

    assert "3 Mails gehen in 60\N{NO-BREAK SPACE}Sekunden." in text
    assert f'<strong>1 von 4 noch anrufen:</strong> <a href="{LIST}">Telefonliste</a>' in text
    assert f'action="{PAGE}absage/senden/"' in text
    assert f'action="{PAGE}absage/zuruecknehmen/"' in text
    assert 'href="/sitzungen/neu/?buendnis=arbeit&amp;quartal=2027-Q1"' in text


def test_page_after_the_mail_has_left_offers_no_way_back(desk: Client, off: Meeting) -> None:
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED).update(state=OutboxState.SENT, sent_at=MORNING)
    text = desk.get(PAGE).content.decode()

    assert "3 Mails gingen hinaus." in text
    assert f"{PAGE}absage/" not in text


def test_sent_at_once(desk: Client, off: Meeting) -> None:
    response = desk.post(f"{PAGE}absage/senden/")

    assert (response.headers["Location"], said(response)) == (PAGE, ["3 Mails sind auf dem Weg."])
    waiting = OutboxMessage.objects.filter(kind=MailKind.CANCELLED)
    assert set(waiting.values_list("state", "not_before")) == {("waiting", MORNING)}


def test_nothing_to_send_is_said(desk: Client, february: Meeting, morning: None) -> None:
    assert said(desk.post(f"{PAGE}absage/senden/")) == ["Diese Sitzung ist nicht abgesagt."]


def test_cancellation_is_taken_back(desk: Client, off: Meeting) -> None:
    response = desk.post(f"{PAGE}absage/zuruecknehmen/")

    assert said(response) == [
        "Die Absage ist zurückgenommen. Die Sitzung findet statt, niemand hat eine Mail bekommen."
    ]
    assert Meeting.objects.get().state == MeetingState.CONFIRMED
    assert "Diese Sitzung fällt aus." not in desk.get(PAGE).content.decode()


def test_cancellation_that_left_is_not_taken_back(desk: Client, off: Meeting) -> None:
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED).update(state=OutboxState.SENT, sent_at=MORNING)
    response = desk.post(f"{PAGE}absage/zuruecknehmen/")

    assert said(response) == [
        "Die Absage ist schon unterwegs und kann nicht zurückgenommen werden. Planen Sie einen neuen Termin."
    ]
    assert Meeting.objects.get().state == MeetingState.CANCELLED


def test_member_sees_neither_mail_nor_numbers(client: Client, off: Meeting, cast: World) -> None:
    client.force_login(cast.birgit, backend=BACKEND)
    text = client.get(PAGE).content.decode()

    assert "Diese Sitzung fällt aus." in text
    assert ("Telefonliste" in text, "Sekunden" in text, "Neuen Termin planen" in text) == (False, False, False)
    assert (client.get(LIST).status_code, press(client, "reached", alfons().pk).status_code) == (403, 403)


def test_late_move_is_told_with_both_dates(desk: Client, february: Meeting, cast: World, morning: None) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(email="")
    move(february, cast, by=dt.timedelta(days=7), at=MORNING)
    text = desk.get(LIST).content.decode()

    assert "<h1>1 von 3 noch anrufen</h1>" in text
    assert (
        "„Die Sitzung vom Donnerstag, 11.\N{NO-BREAK SPACE}Februar\N{NO-BREAK SPACE}2027, 10:00\N{NO-BREAK SPACE}Uhr, ist verlegt."
        in text
    )
    assert "Telefonliste" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_whatever_its_size(
    desk: Client, off: Meeting, number: int, django_assert_num_queries: Any
) -> None:
    for _one in range(number):
        guest = PersonFactory(email="")
        Attendance.objects.create(meeting=off, person=guest, organisation=guest.organisation, role="guest")
        press(desk, "not_reached", row(off, guest).pk)

    with django_assert_num_queries(9):
        desk.get(LIST)


# --- The desk -------------------------------------------------------------------------------------


def lines(desk: Client) -> list[tuple[str, str, str]]:
    return [(line.title, line.why, line.href) for line in desk.get("/").context["desk"].week]


def test_desk_keeps_the_list_until_everybody_was_reached(desk: Client, off: Meeting) -> None:
    before = lines(desk)
    press(desk, "reached", alfons().pk)

    assert before == [
        ("Absage Arbeit: 1 von 4 noch anrufen", "Keine Mail hat sie erreicht. Eine Person hatte zugesagt.", LIST)
    ]
    assert lines(desk) == []


def test_desk_forgets_the_list_once_the_meeting_would_be_over(desk: Client, off: Meeting) -> None:
    with clock.frozen(off.end + MINUTE):
        assert lines(desk) == []


def test_mail_that_is_refused_later_comes_to_the_desk(desk: Client, off: Meeting) -> None:
    press(desk, "reached", alfons().pk)
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED, person__first_name="Susanne").update(
        state=OutboxState.FAILED, failure="550 No such user"
    )

    assert ("Absage Arbeit: 1 von 4 noch anrufen", "Keine Mail hat sie erreicht.", LIST) in lines(desk)


@pytest.mark.parametrize(("days_before", "word"), [(0, "Heute absagen"), (1, "Morgen absagen"), (2, ""), (-1, "")])
def test_desk_offers_to_cancel_what_is_near(desk: Client, february: Meeting, days_before: int, word: str) -> None:
    with clock.frozen(MORNING - dt.timedelta(days=days_before)):
        response = desk.get("/")

    assert [one.cancel for one in response.context["desk"].meetings] == ([word] if days_before >= 0 else [])
    assert (f'<a class="nowrap" href="{PAGE}absagen/">{word}</a>' in response.content.decode()) is bool(word)


def test_desk_offers_nothing_for_a_meeting_that_sits(desk: Client, february: Meeting, morning: None) -> None:
    Meeting.objects.update(state=MeetingState.IN_SESSION)

    assert [one.cancel for one in desk.get("/").context["desk"].meetings] == [""]
