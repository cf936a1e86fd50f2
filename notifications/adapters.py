"""Sign-in by mailed code: allauth asks, the outbox sends. And the wake-up of the worker."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from buendnisse import clock
from buendnisse.adapters.doorbell import ring
from buendnisse.models import Person
from buendnisse.models.prepared import PreparedRow
from notifications.domain import sign_in as rules

#: Session key: when the person was here before this visit, for "seit Ihrem letzten Besuch".
LAST_HERE = "last_here"
_CODE_MAIL = "account/email/login_code"


def wake() -> None:
    """Ring early, so that nobody waits in front of a page. Best effort: a lost wake-up only costs the next ring's seconds."""
    ring("notifications.tasks.ring", expires=15)


def sign_in(request: HttpRequest, person: Person) -> None:
    """Start a session of this person; its key is new, so that nobody can have planted it."""
    login(request, person, backend="notifications.adapters.SignInBackend")
    before = rules.note_visit(person, at=clock.now())
    request.session[LAST_HERE] = before.isoformat() if before else ""


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    logout(request)


class SignInBackend(AuthenticationBackend):
    """Asked at every request: who may not sign in any more is signed out at once. There are no passwords."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> Person | None:
        """Who is signed in, as they are now."""
        person = _by_id().get(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Person) -> bool:
        return rules.may_sign_in(user, at=clock.now())


@cache
def _by_id() -> PreparedRow[Person]:
    return PreparedRow(Person)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: people are entered by the Fachstelle."""

    _TOO_MANY = _("Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde, oder rufen Sie uns an.")
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("Dieser Code stimmt nicht. Bitte sehen Sie noch einmal in die E-Mail."),
        "too_many_login_attempts": _("Das waren zu viele Versuche. Bitte lassen Sie sich einen neuen Code schicken."),
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: object) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only the code leaves, through the outbox. allauth's other mails belong to pages we do not have."""
        at = clock.now()
        person = rules.person_for(email, at=at) if template_prefix == _CODE_MAIL else None
        if person is not None:
            valid_until = at + dt.timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT)
            rules.send_code(person, code=context["code"], valid_until=valid_until, at=at)
            wake()

    def login(self, request: HttpRequest, user: Person) -> None:
        sign_in(request, user)
