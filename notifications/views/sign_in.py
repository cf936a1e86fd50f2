"""The link that signs in once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from notifications import adapters
from notifications.domain import sign_in


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SIGN_IN)
def once(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """A GET shows the button; the POST uses the link up and signs in."""
    if request.method != "POST":
        return render(request, "account/sign_in_once.html", {"link": link, "person": link.person})
    try:
        sign_in.use_link(link, at=clock.now())
    except sign_in.LinkUsed:
        return render(request, "410.html", status=410)
    adapters.sign_in(request, link.person)
    return redirect("notifications:home")
