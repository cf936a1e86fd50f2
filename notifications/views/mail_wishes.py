"""Meine Angaben: what is on record of a person and what they wish of our mail, by link and without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.domain import addresses, links, mail_wishes
from buendnisse.enums import DigestRhythm, LinkPurpose, MailTopic, Via
from buendnisse.models import AccessLink, AddressWish, Membership
from buendnisse.views.links import by_link
from meetings.domain import reminder_rules
from notifications.domain import returned
from notifications.forms.mail_wishes import AddressForm, WishesForm


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SETTINGS)
def settings(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Choose; then the page says what counts now, and offers the way back."""
    person, at = link.person, clock.now()
    bodies = mail_wishes.own_bodies(person, at=at)
    offered = request.GET.get("brief", "")
    form = WishesForm(request.POST or None, wishes=mail_wishes.wishes_of(person), bodies=bodies, rhythm=offered)
    if request.method == "POST" and form.is_valid():
        mail_wishes.choose(person, form.wishes(), at=at)
        return redirect(f"{request.path}?gespeichert")
    return _page(request, link, form=form, saved="gespeichert" in request.GET and request.method != "POST")


@require_POST
@by_link(LinkPurpose.SETTINGS)
def wish_address(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Another address: a mail goes there, and nothing changes before it is answered."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            wish = addresses.wish(link.person, email=email, via=_way(request, link), at=clock.now())
        except addresses.AddressRefused as refused:
            form.add_error("email", str(refused))
        else:
            said = _("Wir haben eine E-Mail an %s geschickt. Bitte öffnen Sie sie und drücken Sie den Knopf darin.")
            messages.success(request, said % wish.address)
            return redirect("notifications:settings", links.token(link))
    return _page(request, link, address_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.ADDRESS)
def address(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The button in the mail to a new address: now it counts."""
    wish = AddressWish.objects.select_related("person").filter(pk=link.subject_id).first()
    person, refused = link.person, ""
    if wish is not None and wish.replaced and wish.address.lower() != person.email.lower():
        wish = None  # answered long ago, and another address has come since
    is_over = wish is None or wish.address.lower() == person.email.lower()
    if request.method == "POST" and wish is not None and not is_over:
        try:
            returned.confirm(wish, via=_way(request, link), at=clock.now())
            is_over = True
        except addresses.AddressRefused as error:
            refused = str(error)
    context = {"link": link, "person": person, "wish": wish, "is_over": is_over, "refused": refused}
    return render(request, "notifications/address.html", context)


def _way(request: HttpRequest, link: AccessLink) -> Via:
    """Whether its person is signed in as well, or a link is all there is."""
    user: Any = request.user
    return Via.WEB if user.is_authenticated and user.pk == link.person_id else Via.LINK


def _page(request: HttpRequest, link: AccessLink, **given: Any) -> HttpResponse:
    person, at = link.person, clock.now()
    bodies = mail_wishes.own_bodies(person, at=at)
    seats = Membership.objects.filter(person=person).active_on(clock.local_date(at))
    context = {
        "link": link,
        "person": person,
        "seats": seats.select_related("body").order_by("body_id"),
        "form": WishesForm(wishes=mail_wishes.wishes_of(person), bodies=bodies),
        "address_form": AddressForm(),
        "most_reminders": reminder_rules.most_in_words(),
        "may_change_address": not person.may_sign_in or _way(request, link) == Via.WEB,
        "said": mail_wishes.in_words(person, bodies=bodies),
        "may_undo": mail_wishes.last_choice(person) is not None,
        **given,
    }
    return render(request, "notifications/settings.html", context)


@require_POST
@by_link(LinkPurpose.SETTINGS)
def take_back(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The choice before the last one counts again."""
    try:
        mail_wishes.take_back(link.person, at=clock.now())
    except mail_wishes.NothingToTakeBack as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Rückgängig gemacht. Es gilt wieder, was vorher galt."))
    return redirect("notifications:settings", links.token(link))


@csrf_exempt  # RFC 8058 section 3.1: mail programs post without cookies; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One click in the mail program (POST) ends the digest at once; a GET only shows the button, and so does the way back."""
    if request.method == "POST" and "wieder" in request.POST:
        try:
            mail_wishes.take_back(link.person, at=clock.now())
        except mail_wishes.NothingToTakeBack:
            mail_wishes.choose_rhythm(link.person, rhythm=DigestRhythm.WEEKLY, at=clock.now())
    elif request.method == "POST":
        mail_wishes.choose_rhythm(link.person, rhythm=DigestRhythm.NEVER, at=clock.now())
    context = {
        "link": link,
        "person": link.person,
        "done": link.person.digest == DigestRhythm.NEVER,
        "again": request.method == "POST" and "wieder" in request.POST,
        "gets_minutes": MailTopic.MINUTES not in link.person.quiet_topics,
    }
    return render(request, "notifications/unsubscribe.html", context)
