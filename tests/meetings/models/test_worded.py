"""Codes are read out in the words of their list, whatever Django's own way would cost."""

from __future__ import annotations

import pytest

from buendnisse.models import Membership
from meetings.enums import Answer, MeetingState
from meetings.models import Attendance, Meeting


@pytest.mark.parametrize("state", MeetingState)
def test_every_state_has_its_word(state: MeetingState) -> None:
    assert Meeting(state=state).get_state_display() == state.label


def test_stored_text_and_unknown_codes() -> None:
    assert Attendance(answer="accepted").get_answer_display() == Answer.ACCEPTED.label
    assert Attendance(answered_via="").get_answered_via_display() == ""
    assert Membership(role="ausgedacht").get_role_display() == "ausgedacht"
