"""Clients of people who signed in."""

from __future__ import annotations

from django.test import Client

from buendnisse.models import Person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="notifications.adapters.SignInBackend")
    return client
