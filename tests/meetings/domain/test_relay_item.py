"""The item a relay becomes on the agenda of who is asked, or why it becomes none."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import relay, relay_rules
from meetings.enums import AgendaItemState, RelayState
from meetings.models import AgendaItem
from tests.support.relay_scene import LATER, Scene, hand_over, meeting, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db


def test_take_up_makes_an_own_item_that_links_to_the_one_text(scene: Scene) -> None:
    sent, item = taken_up(scene)

    assert (item.meeting, item.alliance_id, item.answers, item.state) == (
        scene.arbeit_march,
        scene.cast.arbeit.pk,
        sent,
        AgendaItemState.ACCEPTED,
    )
    assert item.title == "Kinderbetreuung während der Kurse: Bitte um Stellungnahme aus Bildung"
    other = relay.take_up(
        hand_over(scene, subject="Betreuung: gemeinsame Vorlage"), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT
    )
    assert other.title == "Betreuung: gemeinsame Vorlage (Bitte um Stellungnahme aus Bildung)"
    assert (item.description, item.is_late) == ("", False)
    assert (sent.state, sent.target_item, sent.acknowledged_at) == (RelayState.ON_AGENDA, item, AT)


def test_own_item_stands_between_the_frame(scene: Scene) -> None:
    taken_up(scene)

    assert [(item.position, item.standing_code) for item in scene.arbeit_march.agenda_items.on_agenda()] == [
        (1, "opening"),
        (2, "relays"),
        (3, ""),
        (4, "closing"),
    ]


def test_long_subject_still_fits_the_title(scene: Scene) -> None:
    sent = hand_over(scene, subject="x" * 250)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert (len(item.title), item.title[-41:]) == (250, "…: Bitte um Stellungnahme aus Bildung"[-41:].rjust(41, "x"))


def test_taking_up_twice_is_one_item(scene: Scene) -> None:
    sent, item = taken_up(scene)

    assert relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT) == item
    assert AgendaItem.objects.filter(answers=sent).count() == 1


def test_taking_up_for_two_meetings_is_refused_without_a_trace(scene: Scene) -> None:
    sent, item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")

    with pytest.raises(relay_rules.StandsElsewhere) as refused:
        relay.take_up(sent, meeting=june, by=scene.cast.imke, at=AT)
    assert str(refused.value).replace("\N{NO-BREAK SPACE}", " ") == (
        "Der Punkt steht schon auf der Tagesordnung vom 11. März 2027. Vertagen Sie ihn, wenn er später drankommen soll."
    )
    assert list(AgendaItem.objects.filter(answers=sent)) == [item]


def test_after_the_editorial_deadline_it_is_a_nachtrag(scene: Scene) -> None:
    item = relay.take_up(hand_over(scene), meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)

    assert (item.is_late, item.state) == (True, AgendaItemState.SCHEDULED)


def test_after_the_last_papers_only_what_is_urgent_goes_in(scene: Scene) -> None:
    sent, at = hand_over(scene), dt.datetime(2026, 12, 2, 8, 0, tzinfo=dt.UTC)

    with pytest.raises(relay_rules.WrongMeeting):
        relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=at)
    relay.take_up(sent, meeting=scene.arbeit_december, is_urgent=True, by=scene.cast.imke, at=at)
    assert Change.objects.of(sent).latest("pk").reason == "urgent"


def test_another_bodys_meeting_is_refused(scene: Scene) -> None:
    with pytest.raises(relay_rules.WrongMeeting):
        relay.take_up(hand_over(scene), meeting=scene.bildung_february, by=scene.cast.imke, at=AT)


def test_decline_tells_home_and_clears_the_agenda(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.decline(sent, reason="Das Gebäude gehört der Gemeinde.", by=scene.cast.imke, at=LATER)

    item.refresh_from_db()
    assert (sent.state, sent.declined_at, sent.reason) == (
        RelayState.DECLINED,
        LATER,
        "Das Gebäude gehört der Gemeinde.",
    )
    assert (item.state, item.position) == (AgendaItemState.WITHDRAWN, 0)
    assert sent.returned_item is not None
    assert (sent.returned_item.meeting, sent.returned_item.standing_code) == (scene.bildung_february, "relays")


def test_decline_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        relay.decline(hand_over(scene), reason=" ", by=scene.cast.imke, at=LATER)


def test_a_not_ours_can_be_taken_back(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.decline(sent, reason="Nicht bei uns.", by=scene.cast.imke, at=AT)
    relay.acknowledge(sent, by=scene.cast.imke, at=LATER)

    assert (sent.state, sent.reason, sent.returned_item) == (RelayState.ACKNOWLEDGED, "", None)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=LATER)
    assert item.answers == sent


def test_withdrawn_relay_leaves_an_agenda_that_was_sent_as_it_is(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    relay.withdraw(sent, reason="Die Förderung kam anders zustande.", by=scene.cast.imke, at=LATER)

    item.refresh_from_db()
    assert (sent.state, item.state) == (RelayState.WITHDRAWN, AgendaItemState.SCHEDULED)


def test_withdraw_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        relay.withdraw(hand_over(scene), reason="", by=scene.cast.imke, at=LATER)


def test_draft_can_be_withdrawn_and_keeps_its_number(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    relay.withdraw(draft, reason="Erledigt.", by=scene.cast.imke, at=AT)

    assert (draft.state, draft.sent_at, hand_over(scene).number) == (RelayState.WITHDRAWN, None, "W-2026-02")
