"""The demo's roles: be anybody, and read anybody's mail. Everywhere else these pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.models import Person
from notifications import adapters
from notifications.domain import demo_roles, mail_room, previews
from notifications.models import OutboxMessage
from notifications.views import framed


def in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 unless this is a demo."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not demo_roles.is_open():
            raise Http404
        return view(request, *args, **kwargs)

    return inner


@in_demo
def start(request: HttpRequest) -> HttpResponse:
    return redirect("notifications:demo_roles")


@require_http_methods(["GET", "HEAD", "POST"])
@in_demo
def roles(request: HttpRequest) -> HttpResponse:
    """Choose whom to be. Who has no account gets the mailbox instead, as at home."""
    if request.method != "POST":
        return render(request, "notifications/demo_roles.html", {"roles": demo_roles.roles()})
    person = _person(request.POST.get("person", ""))
    demo_roles.hand_out(person, at=clock.now())
    if not person.may_sign_in:
        adapters.sign_out(request)
        return redirect("notifications:demo_post", person.pk)
    adapters.sign_in(request, person)
    return redirect("notifications:home")


@in_demo
def post(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody's mailbox and personal pages."""
    person = _person(number)
    context = {
        "person": person,
        "letters": demo_roles.post(person),
        "waiting": demo_roles.on_its_way(person),
        "pages": demo_roles.pages(person, at=clock.now()),
    }
    return render(request, "notifications/demo_post.html", context)


@require_POST
@in_demo
def deliver(request: HttpRequest, number: int) -> HttpResponse:
    """Let what waits for this person go now instead of in a minute."""
    mail_room.deliver_now(_person(number), at=clock.now())
    return redirect("notifications:demo_post", number)


@in_demo
def letter(request: HttpRequest, number: int, message_number: int) -> HttpResponse:
    """One mail as its reader sees it, with links that work."""
    person = _person(number)
    message = _letter(person, message_number)
    shown = previews.preview(message, at=clock.now(), is_open=True)
    return render(request, "notifications/demo_letter.html", {"person": person, "message": message, "mail": shown})


@xframe_options_sameorigin
@in_demo
def letter_html(request: HttpRequest, number: int, message_number: int) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    shown = previews.preview(_letter(_person(number), message_number), at=clock.now(), is_open=True)
    return framed.answer(shown.html, may_leave=True)


def _person(number: int | str) -> Person:
    person = demo_roles.person(int(number)) if str(number).isdecimal() else None
    if person is None:
        raise Http404
    return person


def _letter(person: Person, number: int) -> OutboxMessage:
    message = demo_roles.letter(person, number)
    if message is None:
        raise Http404
    return message
