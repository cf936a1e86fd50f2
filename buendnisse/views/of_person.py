"""Pages about one person. An entry that was merged into another is shown nowhere: it leads to who it is really."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from buendnisse.models import Person

View = Callable[..., HttpResponseBase]


def of_person(view: View) -> View:
    """Hand the person to the view in place of `pk`, with the organisation.

    For a double the same page of the other is shown; a button that was pressed does nothing, and it is said why.
    """

    @wraps(view)
    def inner(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = get_object_or_404(Person.objects.select_related("organisation", "merged_into"), pk=pk)
        real = person.merged_into
        if real is None:
            return view(request, person, *args, **kwargs)
        if request.method != "POST" and request.resolver_match is not None:
            return redirect(request.resolver_match.view_name, pk=real.pk)
        said = _("Dieser Eintrag ist inzwischen mit %s zusammengeführt. Bitte sehen Sie dort nach.")
        messages.warning(request, said % real.full_name)
        return redirect(f"/verwaltung/personen/{real.pk}/")

    return inner
