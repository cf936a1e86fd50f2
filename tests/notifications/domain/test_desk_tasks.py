"""Tasks on the Schreibtisch: over their date, orphaned with one tap to hand over, and who is to be rung up."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client, override_settings

from buendnisse import clock
from buendnisse.clock import automatic_mail_time
from buendnisse.models import Membership, Person
from meetings.domain import action_items
from meetings.models import ActionItem
from notifications.domain import desk_tasks, dispatch, render
from notifications.domain.desk_line import Line
from notifications.domain.letter import NothingToSay
from notifications.models import OutboxMessage
from tests.meetings import held
from tests.meetings.held import LATER
from tests.notifications.mail_snapshots_of import kept, read
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
DUE = dt.date(2027, 4, 1)


@pytest.fixture
def stage() -> held.Held:
    return held.circulated()


def task(stage: held.Held, due_on: dt.date = DUE, words: str = "Fahrplan erfragen") -> ActionItem:
    return ActionItem.objects.create(
        alliance=stage.world.arbeit,
        meeting=stage.meeting,
        agenda_item=stage.bus,
        owner=stage.world.susanne,
        organisation=stage.world.susanne.organisation,
        task=words,
        due_on=due_on,
    )


def lines(at: dt.datetime) -> list[tuple[str, str]]:
    return [(line.title, " ".join(line.why.split())) for line in found(at)]


def found(at: dt.datetime) -> list[Line]:
    return list(desk_tasks.tasks(at=at, next_meeting=None))


def leave(stage: held.Held) -> None:
    Membership.objects.filter(person=stage.world.susanne, body=stage.world.arbeit).update(until=LATER.date() - DAY)


def no_mail(stage: held.Held, phone: str = "00000 4711") -> None:
    Person.objects.filter(pk=stage.world.susanne.pk).update(mail_format="none", phone=phone)


def test_after_the_last_reminder_one_line_remains(stage: held.Held) -> None:
    task(stage)
    task(stage, words="Haltestellen nennen")

    assert lines(automatic_mail_time(DUE)) == []
    assert lines(automatic_mail_time(DUE + 60 * DAY)) == [
        ("2 Aufträge über dem Datum", "Zweimal wurde erinnert, mehr Mails kommen nicht. Bitte rufen Sie an.")
    ]


def test_orphan_names_who_could_take_over(stage: held.Held) -> None:
    task(stage)
    leave(stage)

    assert lines(LATER) == [
        (
            "Auftrag ohne Zuständige: Fahrplan erfragen",
            "Frau Overhage ist nicht mehr dabei. Vorschlag: Rolf Eilers (BBS).",
        )
    ]
    assert found(LATER)[0].action == "An Herrn Eilers übergeben"


def test_orphan_without_heir_leads_to_the_choice(stage: held.Held) -> None:
    task(stage)
    leave(stage)
    Membership.objects.filter(person=stage.world.rolf).update(until=LATER.date() - DAY)

    (line,) = found(LATER)

    assert line.why == "Frau Overhage ist nicht mehr dabei. Bitte wählen Sie, wer übernimmt."
    assert (line.action, line.post_to) == ("Auftrag ansehen", "")


@pytest.mark.parametrize("page", ["/", "/auftraege/"])
def test_one_tap_hands_over_and_the_new_owner_reports_by_link(stage: held.Held, page: str) -> None:
    action = task(stage, due_on=LATER.date() + DAY)
    leave(stage)
    desk = signed_in(stage.world.imke)
    with clock.frozen(LATER):
        text = desk.get(page).content.decode()
        (address,) = re.findall(rf'action="(/auftraege/{action.pk}/uebergeben/)"', text)
        response = desk.post(address, {"to": stage.world.rolf.pk, "version": action.version}, follow=True)
        assert "Der Auftrag liegt jetzt bei Rolf Eilers. Eine E-Mail" in response.content.decode()
        dispatch.fan_out(at=LATER)
        message = OutboxMessage.objects.get(kind="task_handed_over")
        (link,) = re.findall(r"http\S+(/aufgabe/\S+/)", render.render(message, at=LATER).text)
        Client().post(link, {"stand": "done", "version": action.version + 1})

    action.refresh_from_db()
    assert (action.owner, action.handed_over_from, action.state) == (stage.world.rolf, stage.world.susanne, "done")
    assert lines(LATER) == []


@override_settings(BASE_URL="https://buendnisse.example")
def test_letter_to_who_takes_over(stage: held.Held) -> None:
    action = task(stage)
    action_items.hand_over(action, to=stage.world.rolf, version=1, by=stage.world.imke, at=LATER)
    dispatch.fan_out(at=LATER)
    message = OutboxMessage.objects.select_related("person").get(kind="task_handed_over")

    text = read(message)
    assert text == kept("task_handed_over", text)

    action_items.hand_over(action, to=stage.world.birgit, version=2, by=stage.world.imke, at=LATER)
    with pytest.raises(NothingToSay):
        render.render(message, at=LATER)


def test_owner_without_mail_is_rung_up_from_the_day_of_the_first_reminder(stage: held.Held) -> None:
    no_mail(stage)
    action = task(stage)
    task(stage, words="Haltestellen nennen")
    first = automatic_mail_time(DUE - 7 * DAY)

    assert lines(first - DAY) == []
    assert lines(first) == [
        (
            "Bitte anrufen: Frau Overhage",
            (
                "„Fahrplan erfragen“ bis 1. April und „Haltestellen nennen“ bis 1. April."
                " Keine E-Mail. Telefon 00000 4711."
            ),
        )
    ]

    report = {"state": "in_progress", "words": "Dauert.", "version": 1}
    action_items.report(action, **report, by=stage.world.imke, at=first, via="phone_by_secretariat")  # type: ignore[arg-type]
    assert lines(first) == [
        ("Bitte anrufen: Frau Overhage", "„Haltestellen nennen“ bis 1. April. Keine E-Mail. Telefon 00000 4711.")
    ]


def test_owner_without_mail_and_telephone(stage: held.Held) -> None:
    no_mail(stage, phone="")
    task(stage)

    assert lines(automatic_mail_time(DUE - DAY)) == [
        (
            "Bitte anrufen: Frau Overhage",
            "„Fahrplan erfragen“ bis 1. April. Keine E-Mail. Keine Telefonnummer eingetragen.",
        )
    ]
