from __future__ import annotations

from django import forms

from notifications.enums import CallOutcome

#: A call that was noted by mistake.
TAKE_BACK = "take_back"
_MAX = 2**63 - 1  # what the database holds as a number of a row


class MarkForm(forms.Form):
    """Which row of the telephone list, and what came of the call."""

    row = forms.IntegerField(min_value=1, max_value=_MAX)
    mark = forms.ChoiceField(choices=[*CallOutcome.choices, (TAKE_BACK, TAKE_BACK)])
