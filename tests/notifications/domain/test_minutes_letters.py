"""Who gets which mail about minutes, and what it says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import override_settings

from meetings.domain import action_items, decisions, minutes, objections, session
from meetings.models import Minutes
from notifications.domain import dispatch, render, ring
from notifications.domain.letter import NothingToSay
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import MembershipFactory
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT, LATER
from tests.notifications.mail_snapshots_of import kept, read

pytestmark = pytest.mark.django_db

SOON = LATER + dt.timedelta(minutes=2)


def written(kind: str) -> dict[str, OutboxMessage]:
    """Waiting messages of a kind, by their reader."""
    dispatch.fan_out(at=SOON)
    rows = OutboxMessage.objects.filter(kind=kind, state=OutboxState.WAITING).select_related("person")
    return {message.person.handle: message for message in rows}


def flat(message: OutboxMessage) -> str:
    """The text without its line breaks."""
    return " ".join(read(message).split())


def with_outcome() -> held.Held:
    """Susanne has a task, the guest Corinna another; one decision; the next meeting is known."""
    now = held.over()
    imke = now.world.imke
    session.reopen(now.meeting, by=imke, at=AT)
    decisions.adopt(now.bus, kind="consensus", text="Der Rufbus fährt ab Januar auch abends.", by=imke, at=AT)
    for owner, task in ((now.world.susanne, "Fahrplan erfragen"), (now.world.corinna, "Haltestellen nennen")):
        action_items.assign(now.bus, owner=owner, task=task, due_on=dt.date(2026, 12, 11), by=imke, at=AT)
    session.finish(now.meeting, by=imke, at=AT)
    MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        venue=now.world.venue,
        state="confirmed",
        start=dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 25, 11, tzinfo=dt.UTC),
    )
    return now


def circulate(now: held.Held) -> None:
    minutes.circulate(now.minutes, by=now.world.imke, at=LATER, reason="Test")


@override_settings(BASE_URL="https://buendnisse.example")
def test_chair_is_asked_to_release() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=LATER)

    messages = written("minutes_review")

    assert set(messages) == {"birgit"}
    text = read(messages["birgit"])
    assert text == kept("minutes_review", text)


@override_settings(BASE_URL="https://buendnisse.example")
def test_only_who_was_not_there_is_led_to_what_was_missed() -> None:
    now = with_outcome()
    circulate(now)

    messages = written("minutes")

    text = read(messages["rolf"])
    assert text == kept("minutes_missed", text)
    assert [name for name, message in messages.items() if "/verpasst/" in read(message)] == ["rolf"]


def test_who_joined_since_is_led_there_too() -> None:
    now = with_outcome()
    MembershipFactory(body=now.world.arbeit, person=now.world.sven, since=LATER.date())
    circulate(now)

    assert "/verpasst/" in read(written("minutes")["sven"])


def test_released_draft_needs_no_reminder() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=LATER)
    [message] = written("minutes_review").values()
    minutes.release(now.minutes, by=now.world.birgit, at=LATER)

    with pytest.raises(NothingToSay):
        render.render(message, at=SOON)


def test_minutes_go_to_members_and_deputies_and_not_to_guests() -> None:
    now = held.over()
    circulate(now)

    assert set(written("minutes")) == {"birgit", "susanne", "rolf"}


@override_settings(BASE_URL="https://buendnisse.example")
def test_own_task_comes_first() -> None:
    circulate(with_outcome())

    text = read(written("minutes")["susanne"])

    assert text == kept("minutes", text)


@override_settings(BASE_URL="https://buendnisse.example")
def test_member_without_task_reads_what_was_decided() -> None:
    circulate(with_outcome())

    text = read(written("minutes")["birgit"])

    assert text == kept("minutes_without_task", text)


@override_settings(BASE_URL="https://buendnisse.example")
def test_guest_with_a_task_hears_of_the_task_alone() -> None:
    circulate(with_outcome())

    message = written("minutes")["corinna"]
    text = read(message)

    assert text == kept("minutes_task", text)
    assert render.render(message, at=SOON).letter.attachments == ()


def correct(now: held.Held) -> None:
    objection = objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text="Der 21.", at=LATER)
    objections.resolve(
        objection,
        accept=True,
        changed_from="20. Januar",
        changed_to="21. Januar",
        resolution="Datum des Rufbusses berichtigt.",
        by=now.world.imke,
        at=LATER,
    )


@override_settings(BASE_URL="https://buendnisse.example")
def test_corrected_version_says_only_what_is_new() -> None:
    now = with_outcome()
    circulate(now)
    written("minutes")
    OutboxMessage.objects.filter(kind="minutes").update(state=OutboxState.SENT)
    correct(now)

    messages = written("minutes")

    assert set(messages) == {"birgit", "susanne", "rolf"}
    text = read(messages["susanne"])
    assert text == kept("minutes_corrected", text)


@override_settings(BASE_URL="https://buendnisse.example")
def test_version_corrected_before_the_first_left_replaces_it_and_loses_no_task() -> None:
    now = with_outcome()
    circulate(now)
    first = written("minutes")["susanne"]
    correct(now)

    messages = written("minutes")

    first.refresh_from_db()
    assert first.state == OutboxState.SUPERSEDED
    assert read(messages["susanne"]) == kept("minutes", "")
    assert read(messages["corinna"]) == kept("minutes_task", "")


def test_pdf_goes_along() -> None:
    now = held.over()
    circulate(now)

    letter = render.render(written("minutes")["rolf"], at=SOON).letter

    [attachment] = letter.attachments
    assert (attachment.file_name, attachment.content_type, attachment.data[:5]) == (
        "protokoll-2026-q4-arbeit-fassung-1.pdf",
        "application/pdf",
        b"%PDF-",
    )


def test_task_handed_over_is_not_announced_to_the_former_owner() -> None:
    now = with_outcome()
    circulate(now)
    message = written("minutes")["corinna"]
    task = now.bus.action_items.get(owner=now.world.corinna)
    action_items.hand_over(task, to=now.world.birgit, version=task.version, by=now.world.imke, at=LATER)

    with pytest.raises(NothingToSay):
        render.render(message, at=SOON)


def test_silence_is_passed_by_the_ring() -> None:
    now = held.circulated()

    assert ring.ring(at=dt.datetime(2026, 12, 8, 6, tzinfo=dt.UTC)).deadlines >= 1
    assert Minutes.objects.get(meeting=now.meeting).state == "approved"


@override_settings(BASE_URL="https://buendnisse.example")
def test_who_found_a_mistake_hears_the_answer() -> None:
    now = with_outcome()
    circulate(now)
    written("minutes")
    OutboxMessage.objects.filter(kind="minutes").update(state=OutboxState.SENT)
    correct(now)

    messages = written("minutes_answer")

    assert set(messages) == {"susanne"}
    text = read(messages["susanne"])
    assert text == kept("minutes_answer", text)


def test_answer_of_an_objection_declined_and_of_one_that_waits_for_others() -> None:
    now = held.circulated()
    imke = now.world.imke
    first, second = held.contest(now, "Erstens"), objections.contest(now.minutes, by=now.world.rolf, text="B", at=LATER)
    objections.resolve(first, accept=True, changed_to="Neu.", resolution="Ja.", by=imke, at=LATER)
    assert "sobald alle Hinweise beantwortet sind" in flat(written("minutes_answer")["susanne"])

    objections.resolve(second, accept=False, resolution="So war es.", by=imke, at=LATER)

    assert "Das Protokoll bleibt an dieser Stelle, wie es ist." in flat(written("minutes_answer")["rolf"])


def test_fachstelle_hears_no_answer_to_its_own() -> None:
    now = held.circulated()
    own = objections.contest(now.minutes, by=now.world.imke, text="Tippfehler", at=LATER)
    objections.resolve(own, accept=False, resolution="Doch richtig.", by=now.world.imke, at=LATER)

    assert written("minutes_answer") == {}


def test_version_two_marks_the_change_where_no_mail_of_the_first_is_kept() -> None:
    now = with_outcome()
    circulate(now)
    written("minutes")
    OutboxMessage.objects.filter(kind="minutes").delete()
    correct(now)

    assert "Das ist neu" in read(written("minutes")["susanne"])


def test_what_was_turned_down_is_not_called_agreed() -> None:
    now = held.running()
    imke = now.world.imke
    decisions.reject(now.bus, kind="resolution", text="Der Bus fährt nicht.", by=imke, at=AT)
    decisions.adopt(now.opening, kind="acknowledgement", text="Der Bericht liegt vor.", by=imke, at=AT)
    session.finish(now.meeting, by=imke, at=AT)
    circulate(now)

    text = flat(written("minutes")["birgit"])

    assert "verabredet" not in text
    assert "- Nicht angenommen (A-2026-01, Rufbus am Abend): Der Bus fährt nicht." in text
    assert "- Zur Kenntnis genommen (A-2026-02, Begrüßung und Protokoll): Der Bericht liegt vor." in text
