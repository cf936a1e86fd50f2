"""What the path of a relay says that nobody has answered yet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from buendnisse import clock, german
from meetings.adapters import path_pdf, path_picture
from meetings.domain import decisions, relay, relay_path
from meetings.enums import RelayAnswerKind, RelayKind
from meetings.models import Relay
from tests.support import relay_scene
from tests.support.clients import signed_in
from tests.support.relay_scene import AFTER, LATER, Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    with clock.frozen(AT):
        yield relay_scene.set_scene()


def words(scene: Scene, sent: Relay) -> str:
    html = signed_in(scene.cast.imke).get(f"/weiterleitungen/{sent.number}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_fresh_relay_says_open_once_and_until_when(scene: Scene) -> None:
    shown = words(scene, hand_over(scene))

    assert len(re.findall(r"\boffen\b", shown, re.IGNORECASE)) == 1  # what the dashed line means
    assert shown.count("Antwort bis 17.04.2027 A Arbeit hat noch nicht geantwortet") == 1
    assert shown.count("Kurz gefasst") == 0  # one relay has nothing to sum up


def test_relay_on_an_agenda_says_when_it_is_talked_about(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert words(scene, sent).count("Beratung am 11.03.2027 A Arbeit hat noch nicht geantwortet") == 1


def test_draft_is_not_asked_yet(scene: Scene) -> None:
    assert words(scene, hand_over(scene, as_draft=True)).count("Arbeit ist noch nicht gefragt") == 1


def test_two_relays_are_summed_up(scene: Scene) -> None:
    sent = hand_over(scene)
    hand_over(scene, to=scene.cast.gesellschaft)

    assert words(scene, sent).count("Kurz gefasst Weiterleitungen 2 Beantwortet 0 Offen 2") == 1


@pytest.mark.parametrize(
    ("given", "line"), [({}, "Antwort bis 17.\xa0April\xa02027"), ({"due_on": None}, "ohne Frist")]
)
def test_document_says_the_same(scene: Scene, given: dict[str, None], line: str) -> None:
    sent = hand_over(scene, **given)

    path = relay_path.path(sent, reader=scene.cast.imke, at=AT)
    assert path_pdf.document(path, at=AT)["steps"][-1]["line"] == line


def test_draft_of_a_topic_stands_on_the_day_it_is_looked_at(scene: Scene) -> None:
    draft = hand_over(scene, source=scene.topic, due_on=None, as_draft=True)
    picture = path_picture.draw(relay_path.path(draft, reader=scene.cast.imke, at=AT))

    assert picture.ticks == ()
    assert picture.words == (
        f"Der Weg am {german.day(AT)} zwischen Bildung und Arbeit. Die Liste darunter nennt jeden Schritt."
    )


def days(scene: Scene, one: Relay, at: dt.datetime) -> list[tuple[str, dt.date]]:
    path = relay_path.path(one, reader=scene.cast.imke, at=at)
    return [(stop.verb, stop.shown_on) for stop in path.stops]


def test_draft_of_a_topic_begins_before_its_answer_is_due(scene: Scene) -> None:
    draft = hand_over(scene, source=scene.topic, as_draft=True)

    assert days(scene, draft, LATER) == [
        ("bringt ein", LATER.date()), ("ist noch nicht gefragt", dt.date(2027, 4, 17)),
    ]  # fmt: skip


def test_draft_that_was_taken_back_keeps_its_day(scene: Scene) -> None:
    draft = hand_over(scene, source=scene.topic, as_draft=True)
    relay.withdraw(draft, reason="Doch nicht.", by=scene.cast.imke, at=AT)

    assert days(scene, draft, LATER) == [("bringt ein", AT.date()), ("wird nicht mehr gefragt", AT.date())]


def test_second_try_begins_with_the_first(scene: Scene) -> None:
    first = hand_over(scene, source=scene.topic, as_draft=True)
    relay.withdraw(first, reason="Doch nicht.", by=scene.cast.imke, at=AT)
    second = hand_over(scene, source=scene.topic, follows=first, at=LATER)

    assert days(scene, second, LATER) == [
        ("bringt ein", AT.date()),
        ("wird nicht mehr gefragt", AT.date()),
        ("hat noch nicht geantwortet", dt.date(2027, 4, 17)),
    ]


def test_paper_to_hand_on_holds_no_draft_but_the_one_it_is_about(scene: Scene) -> None:
    sent, draft = hand_over(scene), hand_over(scene, to=scene.cast.gesellschaft, as_draft=True)

    def numbers(one: Relay) -> list[str]:
        path = relay_path.path(one, reader=scene.cast.imke, at=AT, is_for_others=True)
        return [leg.relay.number for leg in path.legs]

    assert (numbers(sent), numbers(draft)) == ([sent.number], [sent.number, draft.number])


def test_printed_answer_leads_to_the_decision_made_of_it(scene: Scene) -> None:
    """And not to every question of that decision."""
    sent, item = relay_scene.taken_up(scene)
    relay_scene.held(scene.arbeit_march)
    answer = relay_scene.decide(item, decided_on=dt.date(2027, 3, 11))
    relay.answer_with_decision(sent, decision=answer, kind=RelayAnswerKind.FULL, by=scene.cast.imke, at=AFTER)
    made = relay_scene.decide(scene.topic, number="B-2027-01", decided_on=dt.date(2027, 3, 12))
    rests = hand_over(scene, source=made, to=scene.cast.gesellschaft, supporting=[sent], at=AFTER)
    other = hand_over(scene, source=made, at=AFTER)

    steps = path_pdf.document(relay_path.path(sent, reader=scene.cast.imke, at=AFTER), at=AFTER)["steps"]

    places = {
        step.get("arrow") or [*step["line"].split(" · "), ""][1]: place for place, step in enumerate(steps, start=1)
    }
    leads_to = {name: steps[place - 1]["follows"] for name, place in places.items()}
    assert leads_to["B-2027-01"] == [places[answer.number]]
    assert leads_to[rests.number] == leads_to[other.number] == [places["B-2027-01"]]


def test_printed_second_round_rests_on_the_answer_and_the_others_do_not(scene: Scene) -> None:
    first = hand_over(scene)
    relay.decline(first, reason="Nicht bei uns.", by=scene.cast.imke, at=LATER)
    second = hand_over(scene, follows=first, at=LATER)
    other = hand_over(scene, to=scene.cast.gesellschaft, at=LATER)

    steps = path_pdf.document(relay_path.path(first, reader=scene.cast.imke, at=LATER), at=LATER)["steps"]

    places = {step.get("arrow") or step["title"]: place for place, step in enumerate(steps, start=1)}
    leads_to = {name: steps[place - 1]["follows"] for name, place in places.items()}
    assert leads_to[second.number] == [places["Bildung beschließt"], places["Arbeit gibt zurück"]]
    assert leads_to[other.number] == [places["Bildung beschließt"]]


def test_printed_state_says_of_which_day_it_is(scene: Scene) -> None:
    path = relay_path.path(hand_over(scene), reader=scene.cast.imke, at=AT)

    facts = path_pdf.document(path, at=AT)["facts"]
    assert facts[3:] == [
        ("Antwort bis", "17.\xa0April\xa02027"), ("Stand", "weitergeleitet"), ("Gedruckt am", "23.\xa0November\xa02026"),
    ]  # fmt: skip


def test_picture_tells_what_was_taken_back_refused_and_holds_no_more(scene: Scene) -> None:
    relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)
    asked = hand_over(scene, due_on=None)
    item = relay.take_up(asked, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    relay_scene.held(scene.arbeit_march)
    no = relay_scene.decide(item, number="A-2027-01", decided_on=dt.date(2027, 3, 11), state="rejected")
    relay.answer_with_decision(asked, decision=no, kind=RelayAnswerKind.FULL, by=scene.cast.imke, at=AFTER)
    decisions.revoke(scene.decision, reason="Überholt", by=scene.cast.imke, at=AFTER)

    picture = path_picture.draw(relay_path.path(asked, reader=scene.cast.imke, at=AFTER))

    assert [(box.title, box.date, box.is_fallen) for box in picture.boxes] == [
        ("B-2026-02", "11.11.2026", True),
        ("zurückgenommen", "23.11.2026", False),
        ("A-2027-01", "11.03.2027, nein", False),
    ]
    assert [arrow.is_gone for arrow in picture.arrows] == [True, False]


def test_arrow_leaves_its_lane_on_the_day_it_was_sent(scene: Scene) -> None:
    asked = hand_over(scene, due_on=dt.date(2027, 4, 17), at=LATER)
    picture = path_picture.draw(relay_path.path(asked, reader=scene.cast.imke, at=LATER))
    [start, end], [arrow] = picture.boxes, picture.arrows

    sent_x = start.x + round((end.x - start.x) * 42 / 157)  # 23 December of 11 November to 17 April
    along = re.match(r"M(\d+) (\d+) L(\d+) (\d+) C", arrow.d)
    assert along is not None
    x, y, away_x, away_y = map(int, along.groups())
    assert (x, y, away_y) == (start.x + start.width // 2, start.y, start.y)
    assert abs(away_x - sent_x) <= 1


def test_names_of_months_and_bodies_stay_in_the_picture(scene: Scene) -> None:
    asked = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL, due_on=dt.date(2027, 3, 3))
    picture = path_picture.draw(relay_path.path(asked, reader=scene.cast.imke, at=AT))

    assert [lane.name for lane in picture.lanes] == ["Bildung", scene.committee.word]
    assert picture.width - picture.ticks[-1].text_x >= 60  # what "Mär 2027" takes
