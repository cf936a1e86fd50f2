"""Test mode, message by message: where one goes instead, and what it says of that."""

from __future__ import annotations

from django.utils.translation import gettext as _

from notifications.domain.valve import Valve
from notifications.imip.event import Party
from notifications.imip.redirect import redirected
from notifications.models import OutboxMessage


def address_for(message: OutboxMessage, state: Valve) -> str:
    """The recipient on the envelope: the test address while a test runs. Noted on the row before anything leaves."""
    if message.redirected_to != state.test_address:
        OutboxMessage.objects.filter(pk=message.pk).update(redirected_to=state.test_address)
        message.redirected_to = state.test_address
    return Party(message.redirected_to).address if message.redirected_to else message.to_address


def payload_of(message: OutboxMessage) -> bytes:
    """The frozen bytes; in a test with the note whom they were written for. The row keeps its own bytes."""
    payload = bytes(message.payload or b"")
    if not message.redirected_to:
        return payload
    names = {"name": message.person.full_name, "address": message.to_address}
    note = _(
        "Testbetrieb: Diese E-Mail ist für %(name)s <%(address)s> geschrieben und ging nur an Sie. "
        "Die Links darin gehören zu %(name)s. Was Sie dort eintragen, zählt."
    )
    return redirected(payload, to=Party(message.redirected_to), mark=_("[Test]"), note=note % names)
