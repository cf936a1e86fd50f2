"""Whoever writes own words reads the same everywhere about where they will stand."""

from __future__ import annotations

from notifications.forms.agenda import SendForm
from notifications.forms.beforehand import BeforehandForm
from notifications.forms.outbox import IntroductionForm
from notifications.forms.years import TellingForm


def test_every_form_says_the_same_about_where_own_words_stand() -> None:
    forms = [
        SendForm(is_short=False, needs_release=False).fields["introduction"],
        BeforehandForm(wants_reason=False).fields["introduction"],
        IntroductionForm().fields["words"],
        TellingForm().fields["introduction"],
    ]
    assert {(str(one.label), str(one.help_text)) for one in forms} == {
        ("Eigene Einleitung", "Steht in jeder Mail unter dem ersten Absatz.")
    }
