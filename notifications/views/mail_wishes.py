"""What a person wishes of our mail, by link and without signing in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.domain import links, mail_wishes
from buendnisse.enums import DigestRhythm, LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from notifications.forms.mail_wishes import WishesForm


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SETTINGS)
def settings(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Choose; then the page says what counts now, and offers the way back."""
    person, at = link.person, clock.now()
    bodies = mail_wishes.own_bodies(person, at=at)
    form = WishesForm(request.POST or None, wishes=mail_wishes.wishes_of(person), bodies=bodies)
    if request.method == "POST" and form.is_valid():
        mail_wishes.choose(person, form.wishes(), at=at)
        return redirect(f"{request.path}?gespeichert")
    context = {
        "link": link,
        "form": form,
        "saved": "gespeichert" in request.GET and request.method != "POST",
        "said": mail_wishes.in_words(person, bodies=bodies),
        "may_undo": mail_wishes.last_choice(person) is not None,
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
    }
    return render(request, "notifications/unsubscribe.html", context)
