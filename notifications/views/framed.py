"""A mail's HTML inside a page: in a frame of its own that may load nothing and run nothing.

The page around it may look inside, to give the frame the mail's height (`static/js/letter.js`). That is safe since no
script runs in the frame: `allow-scripts` must never stand beside `allow-same-origin`.
"""

from __future__ import annotations

import re

from django.http import HttpResponse

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def answer(html: str, *, may_leave: bool) -> HttpResponse:
    """`may_leave`: a click on a link opens it in the whole window (the demo); otherwise links lead nowhere."""
    allowed = " allow-top-navigation-by-user-activation" if may_leave else ""
    base = '<base target="_top">' if may_leave else '<base target="_blank">'
    response = HttpResponse(_HEAD.sub(lambda head: head[0] + base, html, count=1))
    response["Content-Security-Policy"] = _POLICY + allowed
    return response
