from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TestForm(forms.Form):
    """Where everything goes while a test runs."""

    __test__ = False  # the name is the product's, and no test case

    address = forms.EmailField(
        label=_("Adresse für den Test"),
        help_text=_("Ein Postfach der Fachstelle. Alle E-Mails mit allen persönlichen Links kommen dort an."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
