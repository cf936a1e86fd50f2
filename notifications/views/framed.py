"""A mail's HTML inside a page: in a frame of its own that may load nothing and run nothing."""

from __future__ import annotations

import re

from django.http import HttpResponse

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def answer(html: str, *, may_leave: bool) -> HttpResponse:
    """`may_leave`: a click on a link opens it in the whole window (the demo); otherwise links lead nowhere."""
    allowed = " allow-top-navigation-by-user-activation" if may_leave else ""
    base = '<base target="_top">' if may_leave else '<base target="_blank">'
    response = HttpResponse(_HEAD.sub(lambda head: head[0] + base, html, count=1))
    response["Content-Security-Policy"] = _POLICY + allowed
    return response
