"""Pages behind personal links. A GET shows, a button acts; an expired link offers a new one to the address on record."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from buendnisse import clock
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Person

#: What a view behind a link gets: the request and the link, with its person and organisation loaded.
LinkView = Callable[..., HttpResponseBase]


#: A page about a token that opens nothing any more; None where it has nothing to say about this one.
PastView = Callable[[HttpRequest, str], HttpResponse | None]


def by_link(purpose: LinkPurpose | None, *, past: PastView | None = None) -> Callable[[LinkView], LinkView]:
    """Open `token` for `purpose` and hand the AccessLink to the view in its place. Never indexed, never cached.

    `past` is asked first where the token opens nothing.
    """

    def wrap(view: LinkView) -> LinkView:
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response: HttpResponseBase
            try:
                link = links.open_token(token, purpose=purpose, at=clock.now())
            except links.LinkExpired as expired:
                response = expired_page(request, expired.link)
            except links.LinkInvalid:
                told = past(request, token) if past else None
                response = told or render(request, "410.html", status=410)
            else:
                response = view(request, link, *args, **kwargs)
            response["X-Robots-Tag"] = "noindex"
            return response

        return inner

    return wrap


def expired_page(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """410 with the masked address and one button."""
    return render(
        request,
        "410.html",
        {"link": link, "signed": link_requests.sign(link), "masked_address": mask(link.person)},
        status=410,
    )


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Send a new link to the address on record. Says the same whether or not there was one to renew."""
    link = link_requests.unsign(request.POST.get("link", ""))
    if link is not None:
        link_requests.request(link, at=clock.now())
    return render(request, "buendnisse/link_sent.html")


@by_link(None)
def not_for_me(request: HttpRequest, link: AccessLink, page: str) -> HttpResponse:
    """Somebody got a mail that was meant for another: all links of its person become invalid.

    Reached from every personal page and every mail, so `page` and the link's purpose do not matter.
    """
    if request.method == "POST":
        link_requests.revoke_all(link.person, at=clock.now())
        return render(request, "buendnisse/not_for_me_done.html")
    return render(request, "buendnisse/not_for_me.html", {"link": link, "person": link.person})


def mask(person: Person) -> str:
    """h…@besuchsdienst.example"""
    name, _, host = person.email.partition("@")
    return f"{name[:1]}…@{host}" if host else ""
