"""Who gets in: one decorator for pages behind sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache

from buendnisse import permissions
from buendnisse.permissions import Someone

View = Callable[..., HttpResponseBase]


def only(may: Callable[[Someone], bool]) -> Callable[[View], View]:
    """Let in whom `may` names. Others who signed in see 403; everybody else is asked to sign in. Never cached."""

    def wrap(view: View) -> View:
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if may(request.user):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return ask_to_sign_in(request)

        return inner

    return wrap


#: Planning, agenda, attendance, minutes, relays: the Fachstelle.
moderator = only(permissions.may_moderate)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to a page that can be shown again."""
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
