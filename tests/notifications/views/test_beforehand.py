"""Before many hear that a meeting is off or moved, or what its minutes say: to whom, how it reads, own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Change, FurtherAddress, Person
from meetings.enums import MeetingState, MinutesState
from meetings.models import Meeting, Minutes, MinutesVersion
from notifications.domain import dispatch
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.world import AT, World

pytestmark = pytest.mark.django_db

NOW = sending.after_grace(AT) + dt.timedelta(hours=1)
WORDS = "Bitte sagen Sie es weiter."
CANCEL = {"reason": "Das Kreishaus ist gesperrt."}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def stand() -> tuple[int, int]:
    return OutboxMessage.objects.count(), Change.objects.count()


def look(desk: Client, meeting: Meeting, what: str, data: dict[str, Any]) -> Any:
    """The page before it, which changes nothing."""
    before = stand()
    page = desk.post(f"/sitzungen/{meeting.slug}/vorher/{what}/", data)
    assert (page.status_code, stand()) == (200, before)
    return page


def sent(kind: MailKind) -> list[tuple[str, str]]:
    """Who gets such a mail, with which own words."""
    dispatch.fan_out(at=NOW)
    rows = OutboxMessage.objects.filter(kind=kind).order_by("person__last_name", "person__first_name")
    return [(row.person.full_name, row.data.get("introduction", "")) for row in rows]


def test_cancelling_is_looked_at_first_and_then_goes_to_exactly_those(
    desk: Client, cast: World, invited: Meeting
) -> None:
    FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    Person.objects.filter(pk=cast.corinna.pk).update(email="")
    page = look(desk, invited, "absage", {**CANCEL, "introduction": WORDS})
    found = page.context["look"]

    assert [one.full_name for one in found.readers] == [cast.birgit.full_name, cast.susanne.full_name]
    assert [(one.person, one.reason) for one in found.left_out] == [
        (cast.corinna, "Ohne E-Mail-Adresse. Bitte per Post oder Telefon.")
    ]
    assert "Das Kreishaus ist gesperrt." in found.mail.text
    assert WORDS in found.mail.text
    frame = desk.get(f"/sitzungen/{invited.slug}/vorher/absage/mail/").content.decode()
    assert f"{WORDS}</p>" in frame
    assert '<input type="hidden" name="reason" value="Das Kreishaus ist gesperrt.">' in page.content.decode()

    desk.post(f"/sitzungen/{invited.slug}/absagen/", {**CANCEL, "introduction": WORDS})
    assert sent(MailKind.CANCELLED) == [(one.full_name, WORDS) for one in found.readers]


def test_cancelling_without_a_reason_is_refused_as_always(desk: Client, invited: Meeting) -> None:
    before = stand()
    page = desk.post(f"/sitzungen/{invited.slug}/vorher/absage/", {"reason": ""})

    assert "Bitte nennen Sie den Grund." in page.content.decode()
    invited.refresh_from_db()
    assert (invited.state, stand()) == (MeetingState.CONFIRMED, before)


def test_whoever_has_heard_nothing_gets_no_cancellation(desk: Client, cast: World, invited: Meeting) -> None:
    OutboxMessage.objects.filter(person=cast.corinna).update(state="stopped", sent_at=None)
    found = look(desk, invited, "absage", CANCEL).context["look"]

    assert cast.corinna not in found.readers
    assert [one.person for one in found.left_out] == [cast.corinna]


MOVE = {"date": "2027-02-18", "start": "10:00", "end": "12:00", "reason": "Der Raum wird gebraucht.", "do": "fix"}


def test_moving_is_looked_at_first_and_then_goes_to_exactly_those(desk: Client, cast: World, invited: Meeting) -> None:
    page = f"/sitzungen/{invited.slug}/verlegen/"
    data = {**MOVE, "venue": str(cast.venue.pk), "version": str(invited.version)}
    checked = desk.post(page, {**data, "do": "check"})
    data["seen"] = checked.context["form"]["seen"].value()
    found = look(desk, invited, "verlegung", {**data, "introduction": WORDS}).context["look"]

    assert len(found.readers) == 3
    assert "18. Februar 2027" in found.mail.text
    assert WORDS in found.mail.text
    assert desk.post(page, {**data, "introduction": WORDS}).status_code == 302
    assert sent(MailKind.MOVED) == [(one.full_name, WORDS) for one in found.readers]


def test_move_that_was_not_checked_goes_back_to_its_page(desk: Client, invited: Meeting) -> None:
    before = stand()
    page = desk.post(f"/sitzungen/{invited.slug}/vorher/verlegung/", {**MOVE, "do": "check"})

    assert (page.status_code, page.templates[0].name, stand()) == (200, "meetings/move.html", before)


@pytest.fixture
def minutes(cast: World, invited: Meeting) -> Minutes:
    Meeting.objects.filter(pk=invited.pk).update(state=MeetingState.HELD, start=NOW - dt.timedelta(days=2))
    return Minutes.objects.create(meeting=invited, state=MinutesState.DRAFT)


def test_minutes_are_looked_at_first_and_then_go_to_exactly_those(
    desk: Client, cast: World, invited: Meeting, minutes: Minutes
) -> None:
    page = desk.get(f"/sitzungen/{invited.slug}/vorher/protokoll/")
    found = page.context["look"]
    assert "reason" in page.context["form"].fields
    assert look(desk, invited, "protokoll", {"introduction": WORDS}).context["look"].readers == found.readers

    said = {"introduction": WORDS, "reason": "Der Vorsitz ist krank."}
    desk.post(f"/sitzungen/{invited.slug}/protokoll/versenden/", said)
    assert sent(MailKind.MINUTES) == [(one.full_name, WORDS) for one in found.readers]


def test_what_cannot_be_sent_says_why(desk: Client, invited: Meeting, minutes: Minutes) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.CIRCULATED)
    page = desk.get(f"/sitzungen/{invited.slug}/vorher/protokoll/", follow=True)

    assert page.redirect_chain == [(f"/sitzungen/{invited.slug}/protokoll/", 302)]


def test_there_is_no_other_step(desk: Client, invited: Meeting) -> None:
    assert desk.get(f"/sitzungen/{invited.slug}/vorher/feier/").status_code == 404
    assert desk.get(f"/sitzungen/{invited.slug}/vorher/absage/").status_code == 302


def hidden(words: str) -> str:
    return f'<input type="hidden" name="introduction" value="{words}" id="id_introduction">'


def test_not_yet_goes_back_to_cancelling_with_all_that_was_typed(desk: Client, invited: Meeting) -> None:
    before = stand()
    back = look(desk, invited, "absage", CANCEL).context["back"]
    page = desk.post(back, {**CANCEL, "introduction": WORDS, "do": "back"})

    invited.refresh_from_db()
    assert (invited.state, stand(), back) == (MeetingState.CONFIRMED, before, f"/sitzungen/{invited.slug}/absagen/")
    assert page.context["form"]["reason"].value() == CANCEL["reason"]
    assert page.content.decode().count(hidden(WORDS)) == 1


def test_refused_cancellation_keeps_own_words(desk: Client, invited: Meeting) -> None:
    page = desk.post(f"/sitzungen/{invited.slug}/absagen/", {"reason": "", "introduction": WORDS})

    assert page.content.decode().count(hidden(WORDS)) == 1


@pytest.mark.parametrize(("do", "behind", "status"), [("back", 0, 200), ("fix", 1, 409)])
def test_move_that_is_not_done_keeps_own_words(
    desk: Client, invited: Meeting, do: str, behind: int, status: int
) -> None:
    page = f"/sitzungen/{invited.slug}/verlegen/"
    data = {**MOVE, "venue": str(invited.venue_id), "version": str(invited.version - behind), "introduction": WORDS}
    data["seen"] = desk.post(page, {**data, "do": "check"}).context["form"]["seen"].value()
    before = stand()
    again = desk.post(page, {**data, "do": do})

    assert (again.status_code, stand()) == (status, before)
    assert again.content.decode().count(hidden(WORDS)) == 1


def test_move_somebody_else_was_faster_with_is_shown_beside_theirs(desk: Client, invited: Meeting) -> None:
    page = f"/sitzungen/{invited.slug}/verlegen/"
    data = {**MOVE, "venue": str(invited.venue_id), "version": str(invited.version - 1), "introduction": WORDS}
    data["seen"] = desk.post(page, {**data, "do": "check"}).context["form"]["seen"].value()
    before = stand()
    again = desk.post(f"/sitzungen/{invited.slug}/vorher/verlegung/", data)

    assert (again.status_code, again.context["stored"], stand()) == (409, invited, before)
    assert again.content.decode().count(hidden(WORDS)) == 1


def words_before(desk: Client, meeting: Meeting) -> str:
    """What stands in the form before the minutes are sent."""
    page = desk.get(f"/sitzungen/{meeting.slug}/vorher/protokoll/")
    words = page.context["form"]["introduction"].value() or ""
    assert (WORDS in page.context["mail"].text) == (words == WORDS)
    return words


def test_not_yet_keeps_own_words_for_the_minutes_until_they_are_sent(
    desk: Client, invited: Meeting, minutes: Minutes
) -> None:
    said = {"introduction": WORDS, "reason": "Der Vorsitz ist krank."}
    back = look(desk, invited, "protokoll", {}).context["back"]
    gone = desk.post(back, {**said, "do": "back"})

    assert (gone.status_code, gone.headers["Location"]) == (302, f"/sitzungen/{invited.slug}/protokoll/")
    assert words_before(desk, invited) == WORDS
    desk.post(f"/sitzungen/{invited.slug}/protokoll/versenden/", said)
    MinutesVersion.objects.all().delete()
    Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.DRAFT)
    assert words_before(desk, invited) == ""


def test_refused_minutes_keep_own_words(desk: Client, invited: Meeting, minutes: Minutes) -> None:
    desk.post(f"/sitzungen/{invited.slug}/protokoll/versenden/", {"introduction": WORDS})

    assert (words_before(desk, invited), MinutesVersion.objects.count()) == (WORDS, 0)
