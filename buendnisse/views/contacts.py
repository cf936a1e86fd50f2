"""Ansprechpersonen: whom to ask about what, and where."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.domain import contact_list
from buendnisse.forms.contacts import ContactFilterForm
from buendnisse.http import PersonRequest
from buendnisse.views.gate import only


@only(lambda person: permissions.may_see_overview(person, at=clock.now()))
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """By topic, for the members of all bodies."""
    form = ContactFilterForm(request.GET or None)
    wanted = form.wanted if form.is_bound else {"topic": None, "area": None}
    groups = contact_list.groups(request.user, **wanted, at=clock.now())
    context = {"form": form, "groups": groups, "is_narrowed": any(wanted.values())}
    return render(request, "buendnisse/contacts.html", context)
