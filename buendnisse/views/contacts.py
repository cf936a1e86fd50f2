"""Ansprechpersonen: whom to ask about what, and where."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, permissions
from buendnisse.domain import contact_list, contacts
from buendnisse.forms.contacts import ContactFilterForm
from buendnisse.forms.records import EndForm
from buendnisse.forms.registers import ContactForm, ContactSearch
from buendnisse.http import PersonRequest
from buendnisse.models import Contact
from buendnisse.views import records
from buendnisse.views.gate import moderator, only
from buendnisse.views.organisations import ended_words
from buendnisse.views.records import Line, Register, Sheet


@only(lambda person: permissions.may_see_overview(person, at=clock.now()))
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """By topic, for the members of all bodies."""
    form = ContactFilterForm(request.GET or None)
    wanted = form.wanted if form.is_bound else {"topic": None, "area": None, "words": ""}
    groups = contact_list.groups(request.user, **wanted, at=clock.now())
    context = {"form": form, "groups": groups, "is_narrowed": any(wanted.values())}
    return render(request, "buendnisse/contacts.html", context)


@moderator
@require_safe
def register(request: PersonRequest) -> HttpResponse:
    """The same as a list to be kept: one line for each person, topic and area."""
    words = Register(
        title=_("Ansprechpersonen pflegen"),
        intro=_(
            "Wer zu welchem Thema gefragt wird. So steht es auf der Seite „Ansprechpersonen“ und unter Mails dazu."
        ),
        columns=(_("Themenfeld"), _("Gebiet"), _("Telefon"), _("E-Mail")),
        new_href=reverse("buendnisse:contact_new"),
        new_label=_("Neue Ansprechperson"),
        empty=_("Tragen Sie ein, wer für ein Thema gefragt werden kann."),
        further=[(reverse("buendnisse:contacts"), _("So lesen es die Mitglieder"))],
    )
    form = ContactSearch(request.GET)
    return records.listing(request, words, form, contacts.found(**form.wanted, at=clock.now()), _line)


def _line(row: Contact) -> Line:
    area = row.area.name if row.area else _("ganzer Landkreis")
    return Line(
        href=reverse("buendnisse:contact", args=[row.pk]),
        name=f"{row.person.last_name}, {row.person.first_name}",
        cells=(row.topic.name, area, row.phone, row.email),
        ended=ended_words(row.ended_on),
    )


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One more."""

    def save(form: Any) -> Any:
        return contacts.add(form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(None), ContactForm(request.POST or None), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, pk: int) -> HttpResponse:
    """For which topic and area, and how to reach them."""
    row = _found(pk)

    def save(form: Any) -> Any:
        return contacts.change(row, version=form.cleaned_data["version"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(row), ContactForm.of(row, request.POST or None), save)


@moderator
@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """Not asked any longer, or again."""
    row = _found(pk)

    def again(form: EndForm) -> HttpResponse:
        return records.sheet(request, _sheet(row), ContactForm.of(row), lambda _form: None, end_form=form)

    return records.end(
        request,
        lambda last: contacts.end(row, last, by=request.user, at=clock.now()),
        ended=_("%s wird dazu nicht mehr genannt.") % row.person.full_name,
        resumed=_("%s wird dazu wieder genannt.") % row.person.full_name,
        again=again,
        there=reverse("buendnisse:contact", args=[pk]),
    )


def _found(pk: int) -> Contact:
    return get_object_or_404(Contact.objects.select_related("person", "topic", "area"), pk=pk)


def _sheet(row: Contact | None) -> Sheet:
    href = reverse("buendnisse:contact", args=[row.pk]) if row else ""
    return Sheet(
        title=f"{row.person.full_name}: {row.topic.name}" if row else _("Neue Ansprechperson"),
        list_href=reverse("buendnisse:contact_register"),
        list_label=_("Ansprechpersonen"),
        row=row,
        saved=_("Gespeichert. So steht es jetzt auf der Seite „Ansprechpersonen“."),
        intro=_("Steht kein Telefon und keine E-Mail da, lesen Mitglieder: über die Fachstelle."),
        form_href=href,
        end_href=f"{href}beenden/" if row else "",
        end_hint=_("Danach wird sie für dieses Themenfeld nicht mehr genannt."),
        last=row.ended_on if row else None,
    )
