"""Sign-in by mailed code: allauth asks, the outbox sends."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: people are entered by the Fachstelle."""

    def is_open_for_signup(self, request: object) -> bool:
        return False
