"""A field for text with marks: headings, lists, bold, links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MARKS = _("Auszeichnen, wenn Sie möchten: **fett**, # Überschrift, - Liste, [Text](https://…).")


class MarkedTextarea(forms.Textarea):
    """A text area that `static/js/marks.js` gives buttons to."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-marks": "", **(attrs or {})})
