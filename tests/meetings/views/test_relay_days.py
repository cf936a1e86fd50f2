"""The days of a way: when a question arrived and when its answer came home stand beside those it was sent and answered."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.adapters import path_list, path_pdf
from meetings.domain import relay, relay_path
from meetings.models import Relay
from tests.support.relay_pages import at_nine, scene
from tests.support.relay_scene import AFTER, Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "scene"]  # fixtures


def told(scene: Scene, one: Relay) -> tuple[str, list[str]]:
    way = relay_path.path(Relay.objects.get(pk=one.pk), reader=scene.cast.imke, at=AFTER)
    [asked] = path_list.listed(way, is_by_link=False)[-1].came_by
    lines = [step["line"] for step in path_pdf.document(way, at=AFTER)["steps"]]
    return asked.said.replace("\N{NO-BREAK SPACE}", " "), [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def test_days_between_are_told(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.acknowledge(sent, by=scene.cast.imke, at=AT + dt.timedelta(days=5))
    relay.answer_with_text(sent, words="Ab 16 Uhr.", by=scene.cast.imke, at=AFTER)
    Relay.objects.filter(pk=sent.pk).update(returned_at=AFTER + dt.timedelta(days=7))

    said, lines = told(scene, sent)

    assert said == (
        ", Bitte um Stellungnahme aus Bildung, am 23. November 2026, angekommen am 28. November 2026"
        " · Antwort nach 109 Tagen, zugestellt am 19. März 2027"
    )
    assert lines[1:] == [
        "23. November 2026 · Weiterleitung W-2026-01 · angekommen am 28. November 2026",
        "12. März 2027 · Antwort · Antwort nach 109 Tagen, zugestellt am 19. März 2027",
    ]


def test_the_same_day_is_told_once(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.acknowledge(sent, by=scene.cast.imke, at=AT)
    relay.answer_with_text(sent, words="Ab 16 Uhr.", by=scene.cast.imke, at=AFTER)

    assert told(scene, sent)[0] == (
        ", Bitte um Stellungnahme aus Bildung, am 23. November 2026 · Antwort nach 109 Tagen"
    )
