"""A person's calendar: the page that explains it, and the file that programs fetch."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from notifications.domain import feeds


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file. No cookie, no redirect, no page: the other side is a program."""
    at = clock.now()
    try:
        link = feeds.open_feed(token, at=at)
    except feeds.Unknown as error:
        raise Http404 from error
    except feeds.Over:
        words = _("Diese Adresse gilt nicht mehr. Eine neue steht in Ihrer E-Mail oder auf „Ihr Kalender“.")
        return HttpResponse(words, status=410, content_type="text/plain; charset=utf-8")
    file = feeds.read(link, at=at)
    response = HttpResponse(file.data, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag = f'"{hashlib.sha256(file.data).hexdigest()}"'
    changed = None if file.changed_at is None else int(file.changed_at.timestamp())
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    if "herunterladen" in request.GET:
        response["Content-Disposition"] = 'attachment; filename="sitzungen.ics"'
    # The very moment only: what leaves the calendar can make its last change an earlier one. With If-None-Match the
    # ETag alone decides.
    is_same = parse_http_date_safe(request.headers.get("If-Modified-Since", "")) == changed
    known = changed if is_same else None
    return get_conditional_response(request, etag=etag, last_modified=known, response=response) or response


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.FEED)
def page(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """What the calendar is for and how to get it; the button gives it a new address."""
    if request.method == "POST":
        feeds.renew(link, at=clock.now())
        messages.success(request, _("Ihr Kalender hat eine neue Adresse. Die alte gilt nicht mehr."))
        return redirect("notifications:calendar", links.token(link))
    return render(request, "notifications/calendar.html", {"link": link, "addresses": feeds.addresses(link)})
