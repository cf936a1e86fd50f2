"""The board: what stands where, how it is narrowed, paged and counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse.models import Topic
from meetings.domain import relay, relay_board
from meetings.enums import RelayKind, RelayState
from meetings.models import Relay
from tests.factories.buendnisse import MembershipFactory
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_pages import BOARD, at_nine, imke, scene
from tests.support.relay_scene import Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


@pytest.mark.parametrize("count", [1, 3])
def test_board_needs_the_same_queries_for_any_number(
    imke: Client, scene: Scene, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        hand_over(scene)

    with django_assert_num_queries(7):
        imke.get(BOARD)


def test_board_sorts_by_who_acts_next(imke: Client, scene: Scene) -> None:
    late = hand_over(scene, due_on=AT.date())
    Relay.objects.filter(pk=late.pk).update(due_on=dt.date(2026, 11, 1))
    ours = hand_over(scene)
    theirs = hand_over(scene)
    relay.take_up(theirs, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    quiet = hand_over(scene, kind=RelayKind.FOR_INFORMATION)

    board = imke.get(BOARD).context["board"]
    sections = [[row.number for row in rows] for rows in (board.overdue, board.ours, board.theirs, board.quiet)]
    assert sections == [[late.number], [ours.number], [theirs.number], [quiet.number]]


def test_board_puts_before_a_chair_what_waits_for_them(client: Client, scene: Scene) -> None:
    mine, ours = hand_over(scene), hand_over(scene)
    relay.take_up(mine, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    theirs = hand_over(scene, to=scene.unit)
    client.force_login(scene.cast.birgit)

    board = client.get(BOARD).context["board"]
    sections = [[(row.number, row.detail) for row in rows] for rows in (board.mine, board.ours, board.theirs)]
    assert sections == [[(mine.number, "Sie")], [(ours.number, "")], [(theirs.number, "")]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["W-2026-01", "W-2026-02"]),
        ("?stand=ended", ["W-2026-03"]),
        ("?stand=all&art=for_information", ["W-2026-02"]),
        ("?stand=all&jahr=2026", ["W-2026-01", "W-2026-02", "W-2026-03"]),
        ("?stand=unsinn&bei=x&jahr=x&thema=x&dran=x&seite=x", ["W-2026-01", "W-2026-02"]),
        ("?stand=withdrawn", ["W-2026-03"]),
        ("?stand=sent", ["W-2026-01"]),
        ("?stand=all&dran=fachstelle", ["W-2026-01"]),
        ("?stand=all&dran=nobody", ["W-2026-02"]),
        ("?dran=target", []),
        ("?stand=overdue", []),
        ("?stand=all&jahr=2025", ["W-2026-01", "W-2026-02", "W-2026-03"]),  # no year with relays
        ("?stand=all&q=w-2026-03", ["W-2026-03"]),
        ("?stand=all&q=kinderbetreuung+zeiten", ["W-2026-01", "W-2026-02", "W-2026-03"]),
        ("?stand=all&q=Rufbus", []),
    ],
)
def test_board_is_narrowed_by_filters(imke: Client, scene: Scene, query: str, numbers: list[str]) -> None:
    hand_over(scene)
    hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)

    board = imke.get(BOARD + query).context["board"]
    rows = (*board.overdue, *board.ours, *board.theirs, *board.quiet, *board.ended)
    assert sorted(row.number for row in rows) == numbers


def test_board_is_narrowed_by_body_and_topic(imke: Client, scene: Scene) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    scene.decision.topics.add(topic)
    about = hand_over(scene)
    other = hand_over(scene, source=scene.topic, to=scene.unit)

    def shown(query: str) -> list[str]:
        board = imke.get(BOARD + query).context["board"]
        return [row.number for rows in (board.overdue, board.ours, board.theirs) for row in rows]

    assert shown(f"?thema={topic.pk}") == [about.number]
    assert shown(f"?bei={scene.unit.pk}") == [other.number]
    assert shown(f"?bei={scene.cast.bildung.pk}") == [about.number, other.number]


def test_board_pages_over_open_and_ended_ones(imke: Client, scene: Scene) -> None:
    for _number in range(relay_board.A_PAGE - 1):
        hand_over(scene)
    for _number in range(3):
        relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)

    first, second, beyond = (imke.get(f"{BOARD}?stand=all&seite={number}").context["board"] for number in (1, 2, 9))
    assert [(len(board.ours), len(board.ended), board.ours.total, board.ended.total) for board in (first, second)] == [
        (9, 1, 9, 3),
        (0, 2, 9, 3),
    ]
    assert [row.number for row in beyond.ended] == [row.number for row in second.ended]
    numbers = [row.number for board in (first, second) for row in board.ended]
    assert numbers == ["W-2026-12", "W-2026-11", "W-2026-10"]


def test_members_are_offered_no_drafts(client: Client, scene: Scene) -> None:
    hand_over(scene, as_draft=True)
    client.force_login(scene.cast.birgit)

    board = client.get(f"{BOARD}?stand=draft")
    assert board.context["board"].is_empty
    assert "Entwurf" not in board.content.decode()


def test_mean_time_to_an_answer_counts_the_last_year(imke: Client, scene: Scene) -> None:
    for days in (10, 20):
        sent = hand_over(scene, to=scene.unit)
        relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT)
        Relay.objects.filter(pk=sent.pk).update(
            sent_at=AT - dt.timedelta(days=days), state=RelayState.CLOSED, closed_at=AT
        )
    old = hand_over(scene, to=scene.unit)
    relay.answer_with_text(old, words="Ja.", by=scene.cast.imke, at=AT)
    long_ago = AT - dt.timedelta(days=400)
    Relay.objects.filter(pk=old.pk).update(
        sent_at=long_ago, answered_at=long_ago, state=RelayState.CLOSED, closed_at=long_ago
    )

    page = imke.get(f"{BOARD}?stand=ended")
    assert page.context["board"].mean_days == 15
    assert "im Mittel nach 15 Tagen" in page.content.decode()


def test_narrow_board_without_anything_leads_back(imke: Client, scene: Scene) -> None:
    hand_over(scene)

    page = imke.get(f"{BOARD}?q=Rufbus").content.decode()
    assert ("Dazu ist gerade nichts offen." in page, f'href="{BOARD}"' in page) == (True, True)
    assert page.count('href="?q=Rufbus&amp;stand=all"') == 1


def test_empty_board_says_where_a_relay_begins(imke: Client) -> None:
    assert "Eine Weiterleitung beginnt bei einem Beschluss" in imke.get(BOARD).content.decode()


@pytest.mark.parametrize(("name", "queries"), [("imke", 10), ("birgit", 11)])
def test_board_with_everything_on_it_needs_few_queries(
    client: Client, scene: Scene, name: str, queries: int, django_assert_num_queries: Any
) -> None:
    """A member costs one more: what they may see is asked once, for the door and the list."""
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    hand_over(scene)
    hand_over(scene, to=scene.unit)
    relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)
    client.force_login(getattr(scene.cast, name))

    with django_assert_num_queries(queries):
        client.get(f"{BOARD}?stand=all")


def test_board_takes_one_direction_and_lets_it_go(imke: Client, scene: Scene) -> None:
    there = hand_over(scene)
    hand_over(scene, to=scene.unit)
    hand_over(scene, source=AgendaItemFactory(meeting=scene.arbeit_march), to=scene.cast.bildung)

    page = imke.get(f"{BOARD}?von={scene.cast.bildung.pk}&an={scene.cast.arbeit.pk}&stand=all&jahr=2026")
    board = page.context["board"]
    assert [row.number for rows in (board.overdue, board.ours, board.theirs) for row in rows] == [there.number]
    text = page.content.decode()
    assert "Nur Weiterleitungen von Bildung an Arbeit." in text
    assert f'<input type="hidden" name="von" value="{scene.cast.bildung.pk}" id="id_von">' in text
    assert 'href="?stand=all&amp;jahr=2026"' in text
    assert "Nur Weiterleitungen" not in imke.get(f"{BOARD}?von=999&an=x").content.decode()


def test_whole_number_is_found_in_any_state(imke: Client, scene: Scene) -> None:
    one = hand_over(scene)
    relay.withdraw(one, reason="Erledigt.", by=scene.cast.imke, at=AT)

    found = imke.get(f"{BOARD}?q={one.number.lower()}&stand=open").context["board"].ended
    assert [row.number for row in found] == [one.number]


def test_draft_past_its_date_is_told_and_is_no_overdue_answer(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    Relay.objects.filter(pk=draft.pk).update(due_on=AT.date() - dt.timedelta(days=8))

    board = imke.get(BOARD).context["board"]

    assert board.overdue.total == 0
    assert [(row.due_words, row.urgency, row.lead) for row in board.ours] == [("Frist schon vorbei", "late", "war bis")]


@pytest.mark.parametrize(
    ("late", "other", "sentence"),
    [
        (0, 0, "Keine ist offen."),
        (1, 0, "Eine ist offen und überfällig."),
        (0, 1, "Eine ist offen."),
        (1, 1, "2 sind offen, eine davon ist überfällig."),
        (2, 0, "2 sind offen, 2 davon sind überfällig."),
    ],
)
def test_board_counts_in_whole_sentences(imke: Client, scene: Scene, late: int, other: int, sentence: str) -> None:
    for _one in range(late):
        Relay.objects.filter(pk=hand_over(scene).pk).update(due_on=AT.date() - dt.timedelta(days=1))
    for _one in range(other):
        hand_over(scene)

    assert imke.get(BOARD).content.decode().count(f"<p>{sentence}") == 1


def test_arrows_of_the_overview_lead_to_what_they_count(imke: Client, scene: Scene) -> None:
    hand_over(scene)
    hand_over(scene)
    hand_over(scene, to=scene.unit)
    hand_over(scene, as_draft=True)

    page = imke.get("/uebersicht/")
    for flow in page.context["overview"].flows:
        address = f"{BOARD}?von={flow.source.pk}&an={flow.target.pk}&stand=all&jahr=2026"
        assert address.replace("&", "&amp;") in page.content.decode()
        assert imke.get(address).context["board"].page.paginator.count == flow.total
