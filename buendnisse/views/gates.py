"""Who comes in: decorators for pages behind a sign-in. Rows are filtered by `visible_to` all the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from buendnisse import permissions

View = Callable[..., HttpResponse]


def moderator(view: View) -> View:
    """Only the Fachstelle; everybody else is told to sign in, or 403."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner
