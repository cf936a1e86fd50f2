"""Where a question stands when its meeting falls through, or a vote by mail is to answer it."""

from __future__ import annotations

import pytest
from django.test import Client

from meetings.enums import MeetingState, RelayState
from meetings.models import AgendaItem, CircularVote, Meeting, Relay
from tests.support.relay_pages import at_nine, imke, scene
from tests.support.relay_scene import Scene, hand_over, meeting, taken_up

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


def test_called_off_meeting_is_told_once_and_everywhere_alike(imke: Client, scene: Scene) -> None:
    sent, _item = taken_up(scene)
    page = imke.get(f"/sitzungen/{scene.arbeit_march.slug}/absagen/")
    assert [one.number for one in page.context["asked"]] == [sent.number]
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CANCELLED)

    context = imke.get(f"/weiterleitungen/{sent.number}/").context
    last = context["steps"][-1]
    assert (context["relay"].state_word, last.due, last.day, last.remark.replace("\N{NO-BREAK SPACE}", " ")) == (
        "Sitzung fällt aus",
        "Neuer Termin offen",
        "",
        "Die Sitzung am 11. März 2027 fällt aus.",
    )


def test_it_is_planned_again_without_saying_why(imke: Client, scene: Scene) -> None:
    sent, _item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CANCELLED)
    address = f"/weiterleitungen/{sent.number}/vertagen/"
    assert str(imke.get(address).context["act"].title) == "Neu einplanen"

    imke.post(address, {"to": june.pk, "reason": ""})

    stored = Relay.objects.select_related("target_item__meeting", "target_item__continued_from").get()
    assert stored.target_item is not None
    assert stored.target_item.continued_from is not None
    assert (
        stored.target_item.meeting,
        stored.target_item.continued_from.reason.replace("\N{NO-BREAK SPACE}", " "),
    ) == (
        june,
        "Die Sitzung am 11. März 2027 fällt aus.",
    )


def test_looking_at_the_form_of_a_vote_puts_nothing_off(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    there = imke.post(f"/weiterleitungen/{sent.number}/abstimmen/")["Location"]
    form = imke.get(there).context["form"]
    before = (Relay.objects.get().state, AgendaItem.objects.filter(answers=sent).count())
    typed = form.initial | {"text": "Arbeit nennt bis Mai die Zeiten.", "form_key": form["form_key"].value()}
    typed |= {"kind": "resolution", "version": 1, "closes_on": form.initial["closes_on"].isoformat()}

    imke.post(there, typed)

    vote = CircularVote.objects.get()
    assert before == (RelayState.SENT, 0)
    assert vote.agenda_item is not None
    assert (vote.agenda_item.answers_id, Relay.objects.get().state_word) == (sent.pk, "im Themenspeicher")
