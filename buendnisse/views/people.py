"""People on record: the list, and what the Fachstelle writes down of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import people, person_list
from buendnisse.forms.people import PeopleFilterForm, PersonForm
from buendnisse.http import PersonRequest
from buendnisse.models import Person
from buendnisse.permissions import may_keep_people
from buendnisse.views.gate import only
from buendnisse.views.of_person import of_person


@require_safe
@only(may_keep_people)
def index(request: HttpRequest) -> HttpResponse:
    """Who is on record, searched and narrowed."""
    form = PeopleFilterForm(request.GET)
    wanted = form.wanted
    page = person_list.people(wanted, page=request.GET.get("seite", "1"), at=clock.now())
    context = {"page": page, "filter": form, "is_narrowed": any(wanted.values()), "stand": wanted["stand"]}
    return render(request, "buendnisse/administration/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep_people)
@of_person
def edit(request: PersonRequest, person: Person) -> HttpResponse:
    """A stale form comes again beside what the other person saved (409); what was typed stays."""
    if person.forgotten_at is not None:
        raise Http404
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.of(person)
    differing: list[tuple[Any, Any, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            people.edit(person, facts=form.facts, version=form.cleaned_data["version"], by=request.user, at=clock.now())
            messages.success(request, _("Die Angaben zu %s sind gespeichert.") % person.full_name)
            return redirect(f"/verwaltung/personen/{person.pk}/")
        except people.StalePerson as stale:
            differing = _differing(form, stale.current)
            form = PersonForm({**request.POST.dict(), "version": stale.current.version})
            form.add_error(None, str(stale))
        except people.PersonRefused as refused:
            form.add_error(None, str(refused))
    context = {"person": person, "form": form, "differing": differing}
    return render(request, "buendnisse/administration/person_edit.html", context, status=409 if differing else 200)


def _differing(form: PersonForm, stored: Person) -> list[tuple[Any, Any, Any]]:
    """As people read them: label, ours, theirs."""
    return [
        (form.fields[name].label, _said(form, name, ours), _said(form, name, theirs))
        for name, ours, theirs in people.differing(form.facts, stored)
    ]


def _said(form: PersonForm, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", [])) if name in {"salutation", "mail_format"} else {}
    return str(choices.get(value, value or _("leer")))
