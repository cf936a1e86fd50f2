"""One person for the Fachstelle: what is known, the seats, who follows, and a new member in one step."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock
from buendnisse.domain import addresses, link_requests, memberships, organisations, people, person_merge
from buendnisse.domain.records import RecordRefused
from buendnisse.enums import Role
from buendnisse.forms.people import EndForm, FurtherAddressForm, MergeForm, NewMemberForm, SeatForm
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Body, FurtherAddress, Membership, Organisation, Person
from buendnisse.permissions import may_keep_people
from buendnisse.views.gate import only
from buendnisse.views.of_person import of_person
from meetings.domain import joining, merging, succession
from meetings.domain.joining import Seat
from meetings.domain.versions import Stale
from notifications import adapters
from notifications.domain import feed_ends, person_page, succession_outlook, taking_in, valve
from notifications.forms.succession import SuccessionForm

_REFUSED = (RecordRefused, memberships.MembershipRefused, succession.SuccessionRefused, people.PersonRefused, Stale)


@require_safe
@only(may_keep_people)
@of_person
def one(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything about one person."""
    return _page(request, person)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep_people)
def new(request: PersonRequest) -> HttpResponse:
    """A new member: person, organisation, bodies, role and day, in one step."""
    bodies = Body.objects.filter(slug=request.GET.get("gremium", ""))
    form = NewMemberForm(request.POST or None, initial={"bodies": bodies})
    if request.method == "POST" and form.is_valid():
        try:
            person = _take_in(form, by=request.user)
        except _REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            _say_taken_in(request, person, form)
            return redirect("notifications:person", pk=person.pk)
    return render(request, "notifications/person_new.html", {"form": form})


@require_POST
@only(may_keep_people)
@of_person
def seat(request: PersonRequest, person: Person) -> HttpResponse:
    """One more seat for somebody on record."""
    form = SeatForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            joining.join(
                person,
                seats=[Seat(given["body"], Role(given["role"]))],
                organisation=person.organisation,
                since=given["since"],
                welcome=given["welcome"],
                by=request.user,
                at=clock.now(),
            )
        except _REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%s gehört jetzt dazu.") % person.full_name)
            return redirect("notifications:person", pk=person.pk)
    return _page(request, person, seat_form=form)


@require_POST
@only(may_keep_people)
@of_person
def add_address(request: PersonRequest, person: Person) -> HttpResponse:
    """One more address, for copies or only known."""
    form = FurtherAddressForm(request.POST)
    if form.is_valid():
        try:
            addresses.add(person, **form.cleaned_data, by=request.user, at=clock.now())
        except addresses.AddressRefused as refused:
            form.add_error("address", str(refused))
        else:
            messages.success(request, _("Die Adresse ist eingetragen."))
            return redirect("notifications:person", pk=person.pk)
    return _page(request, person, address_form=form)


@require_POST
@only(may_keep_people)
def take_address_away(request: PersonRequest, pk: int) -> HttpResponse:
    """It is not the person's any more."""
    row = get_object_or_404(FurtherAddress.objects.select_related("person"), pk=pk)
    addresses.take_away(row, by=request.user, at=clock.now())
    messages.success(request, _("Die Adresse ist entfernt."))
    return redirect("notifications:person", pk=row.person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep_people)
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """The last day of one seat, or none again."""
    row = get_object_or_404(Membership.objects.select_related("person__organisation", "body", "organisation"), pk=pk)
    initial = {"version": row.version, "until": row.until}
    form = EndForm(request.POST) if request.method == "POST" else EndForm(initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            joining.leave(row, **given, by=request.user, at=clock.now())
        except memberships.StaleMembership as stale:
            form = EndForm({**request.POST.dict(), "version": stale.current.version})
            form.add_error(None, str(stale))
            row.refresh_from_db()
            status = 409
        except memberships.MembershipRefused as refused:
            form.add_error("until", str(refused))
        else:
            messages.success(request, _("Gespeichert. Die Einladungen zu kommenden Sitzungen sind angepasst."))
            return redirect("notifications:person", pk=row.person_id)
    context = {"row": row, "person": row.person, "form": form, "is_stale": status != 200}  # noqa: PLR2004 -- OK
    return render(request, "notifications/person_end.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep_people)
@of_person
def succeed(request: PersonRequest, person: Person) -> HttpResponse:
    """Nachfolge regeln: choose, look at exactly what will happen, and let it happen."""
    at = clock.now()
    legacy = succession.legacy(person, at=at)
    form = SuccessionForm(request.POST or None, person=person, legacy=legacy)
    outlook = None
    if request.method == "POST" and request.POST.get("schritt") != "aendern" and form.is_valid():
        make = _wish(form, person, by=request.user)
        try:
            if request.POST.get("schritt") == "regeln":
                change = succession_outlook.settle(person, make=make, by=request.user, at=at)
                messages.success(request, _settled(has_mails=succession_outlook.has_mails(change, at=at)))
                return redirect("notifications:person", pk=person.pk)
            outlook = succession_outlook.look_ahead(person, make=make, by=request.user, at=at)
        except _REFUSED as refused:
            form.add_error(None, str(refused))
    context = {"person": person, "form": form, "outlook": outlook, "legacy": legacy}
    return render(request, "notifications/person_succession.html", context)


@require_POST
@only(may_keep_people)
@of_person
def succession_back(request: PersonRequest, person: Person) -> HttpResponse:
    """As it was, while no mail has left."""
    try:
        succession_outlook.take_back(person, by=request.user, at=clock.now())
    except succession.SuccessionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Die Nachfolge ist zurückgenommen. Es geht keine Mail hinaus."))
    return redirect("notifications:person", pk=person.pk)


@require_POST
@only(may_keep_people)
@of_person
def taken_in_back(request: PersonRequest, person: Person) -> HttpResponse:
    """Somebody was taken in by mistake, and no mail has left."""
    try:
        taking_in.take_back(person, by=request.user, at=clock.now())
    except joining.JoinRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("Die Aufnahme ist zurückgenommen. Es geht keine Mail hinaus. %s bleibt eingetragen.")
        messages.success(request, said % person.full_name)
    return redirect("notifications:person", pk=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep_people)
@of_person
def merge(request: PersonRequest, person: Person) -> HttpResponse:
    """Two entries of one person become one."""
    form = MergeForm(request.POST or None, initial={"double": request.GET.get("mit", "")})
    if request.method == "POST" and form.is_valid():
        double = form.cleaned_data["double"]
        try:
            change = merging.merge(double, into=person, by=request.user, at=clock.now())
        except person_merge.MergeRefused as refused:
            form.add_error("double", str(refused))
        else:
            messages.success(request, _("Zusammengeführt. Links in früheren Mails gehen weiter."))
            for vote in person_merge.free_votes(change):
                messages.warning(request, _("Diese Stimme gibt jetzt niemand mehr ab: %s.") % vote)
            return redirect("notifications:person", pk=person.pk)
    return render(request, "notifications/person_merge.html", {"person": person, "form": form})


@require_POST
@only(may_keep_people)
@of_person
def part(request: PersonRequest, person: Person) -> HttpResponse:
    """They were two after all."""
    try:
        double = merging.part(person, double=number_in(request.POST, "double") or 0, by=request.user, at=clock.now())
    except person_merge.MergeRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("%s ist wieder ein eigener Eintrag. Beide sind zu den Sitzungen ihrer eigenen Gremien eingeladen.")
        messages.success(request, said % double.full_name)
    return redirect("notifications:person", pk=person.pk)


@require_POST
@only(may_keep_people)
@of_person
def end_links(request: PersonRequest, person: Person) -> HttpResponse:
    """All links in earlier mails of this person become invalid."""
    link_requests.revoke_all(person, by=request.user, at=clock.now())
    messages.success(request, _("Alle Links in früheren Mails sind ungültig. Die nächste Mail bringt neue."))
    return redirect("notifications:person", pk=person.pk)


@require_POST
@only(may_keep_people)
@of_person
def send_calendar(request: PersonRequest, person: Person) -> HttpResponse:
    """The link to subscribe to the calendar goes to the person it is for."""
    if person.gets_mail:
        feed_ends.send(person, by=request.user, at=clock.now())
        adapters.wake()
        said = _("Der Link zum Abo geht in 60 Sekunden an %s. So lange können Sie ihn im Postausgang anhalten.")
        messages.success(request, said % person.full_name)
    else:
        messages.error(request, _("%s bekommt zurzeit keine E-Mail.") % person.full_name)
    return redirect("notifications:person", pk=person.pk)


def _page(request: HttpRequest, person: Person, **given: Any) -> HttpResponse:
    page = person_page.of(person, at=clock.now())
    context = {"page": page, "person": person, "seat_form": SeatForm(), "address_form": FurtherAddressForm(), **given}
    return render(request, "notifications/person.html", context)


def _take_in(form: NewMemberForm, *, by: Person) -> Person:
    """Person, organisation and seats come together or not at all."""
    given, at = form.cleaned_data, clock.now()
    with transaction.atomic():
        organisation: Organisation = given["organisation"] or organisations.add(
            form_key=given["key"],
            name=given["new_organisation"],
            short_name=given["new_organisation"][:80],
            kind=given["new_kind"],
            by=by,
            at=at,
        )
        known = form.person
        person = known if known is not None else people.enter(**form.facts, organisation=organisation, by=by, at=at)
        seats = [Seat(body, Role(given["role"])) for body in given["bodies"]]
        joining.join(
            person,
            seats=seats,
            organisation=organisation,
            since=given["since"],
            welcome=given["welcome"],
            by=by,
            at=at,
        )
    return person


def _say_taken_in(request: PersonRequest, person: Person, form: NewMemberForm) -> None:
    messages.success(request, _("%s ist eingetragen.") % person.full_name)
    if not person.gets_mail:
        messages.warning(
            request, _("%s bekommt keine E-Mail. Den Brief finden Sie unter „Per Post oder Telefon“.") % person
        )
    typed = form.cleaned_data["email"]
    if form.person is not None and typed and typed.lower() != person.email.lower():
        messages.warning(request, _("Eingetragen ist eine andere E-Mail-Adresse. Ändern Sie sie hier, wenn nötig."))


def _settled(*, has_mails: bool) -> str:
    if not has_mails:
        return _("Die Nachfolge ist geregelt. Es geht keine Mail hinaus.")
    if valve.now().is_paused:
        return _("Die Nachfolge ist geregelt. Der Versand ist angehalten. Die Mails warten so lange.")
    return _("Die Nachfolge ist geregelt. Die Mails gehen in einer Minute hinaus.")


def _wish(form: SuccessionForm, person: Person, *, by: Person) -> succession_outlook.MakeWish:
    given: dict[str, Any] = dict(form.cleaned_data)
    enter = None
    if form.is_wanted and form.person is not None:
        given["successor"] = form.person
    elif form.is_wanted:
        enter = partial(people.enter, **form.facts, organisation=person.organisation, by=by, at=clock.now())
    return succession_outlook.wish_of(given, new=enter)
