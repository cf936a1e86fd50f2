from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import BaseConfirmCodeForm
from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse import clock
from buendnisse.models import Person
from notifications.domain import sign_in


class RequestCodeForm(forms.Form):
    """Takes any address and never tells whether it is known. allauth reads `_user`."""

    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("Bitte prüfen Sie die Adresse. Sie sieht so aus: name@verein.example")},
    )
    _user: Person | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action="request_login_code", key=email.lower()):
            raise get_adapter().validation_error("rate_limited")
        self._user = sign_in.person_for(email, at=clock.now())
        return email


class ConfirmCodeForm(BaseConfirmCodeForm):  # type: ignore[misc] # allauth has no types
    """Spaces and dashes in the code do not matter.

    Entries are counted by address and by visitor, before the code is looked at: the five that a code allows are
    counted in the visitor's session, which requests sent at once all read before any of them writes it.
    """

    code = forms.CharField(
        label=_("Code aus der E-Mail"),
        help_text=_("Sechs Ziffern. Der Code gilt eine Viertelstunde."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input--code"}),
    )

    def clean_code(self) -> str:
        pending = get_pending_stage(context.request)
        address = (pending and pending.login.email) or ""
        if not ratelimit.consume(context.request, action="confirm_login_code", key=address.lower()):
            raise get_adapter().validation_error("rate_limited")
        code: str = super().clean_code()
        return code
