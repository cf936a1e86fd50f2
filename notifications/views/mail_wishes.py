"""Meine Angaben: what is on record of a person, and what they wish of our mail, by link and without signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.domain import addresses, mail_wishes
from buendnisse.enums import DigestRhythm, LinkPurpose
from buendnisse.models import AccessLink, AddressWish, Membership
from buendnisse.views.links import by_link
from notifications.domain import returned
from notifications.forms.wishes import AddressForm, WishesForm


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SETTINGS)
def settings(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """See what is on record and choose; says what counts now."""
    form = WishesForm(request.POST) if request.method == "POST" else WishesForm.of(link.person)
    if request.method == "POST" and form.is_valid():
        mail_wishes.choose(link.person, wishes=form.wishes, at=clock.now())
        return _page(request, link, form=WishesForm.of(link.person), saved=_("Ihre Einstellungen sind gespeichert."))
    return _page(request, link, form=form)


@require_POST
@by_link(LinkPurpose.SETTINGS)
def wish_address(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Another address: a mail goes there, and nothing changes before it is answered."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            wish = addresses.wish(link.person, email=form.cleaned_data["email"], at=clock.now())
        except addresses.AddressRefused as refused:
            form.add_error("email", str(refused))
        else:
            said = _("Wir haben eine E-Mail an %s geschickt. Bitte öffnen Sie sie und drücken Sie den Knopf darin.")
            return _page(request, link, saved=said % wish.address)
    return _page(request, link, address_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.ADDRESS)
def address(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The button in the mail to a new address: now it counts."""
    wish = AddressWish.objects.filter(pk=link.subject_id).first()
    person, refused = link.person, ""
    is_over = wish is None or wish.address.lower() == person.email.lower()
    if request.method == "POST" and wish is not None and not is_over:
        try:
            given: dict[str, Any] = {"email": wish.address, "version": person.version}
            returned.correct(person, **given, by=person, at=clock.now())
            is_over = True
        except addresses.AddressRefused as error:
            refused = str(error)
    context = {"link": link, "person": person, "wish": wish, "is_over": is_over, "refused": refused}
    return render(request, "notifications/address.html", context)


@csrf_exempt  # RFC 8058 §3.1: mail programs post without cookies; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One click in the mail program (POST) ends the digest at once; a GET only shows the button."""
    if request.method == "POST":
        mail_wishes.choose_rhythm(link.person, rhythm=DigestRhythm.NEVER, at=clock.now())
    context = {"link": link, "person": link.person, "done": link.person.digest == DigestRhythm.NEVER}
    return render(request, "notifications/unsubscribe.html", context)


def _page(request: HttpRequest, link: AccessLink, **given: Any) -> HttpResponse:
    seats = Membership.objects.filter(person=link.person).active_on(clock.local_date(clock.now()))
    context = {
        "link": link,
        "person": link.person,
        "seats": seats.select_related("body").order_by("body_id"),
        "form": WishesForm.of(link.person),
        "address_form": AddressForm(),
        **given,
    }
    return render(request, "notifications/settings.html", context)
