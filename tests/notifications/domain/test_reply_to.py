"""A plain reply reaches the Fachstelle's own mailbox; replies of calendars reach the organizer's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import Installation
from meetings.domain import agenda_proposals
from meetings.models import Meeting
from notifications.domain import ring
from tests.notifications import sending
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


def facts(**given: str) -> None:
    Installation.objects.update_or_create(pk=1, defaults={"facts": given})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("integration@haseland.example", "Fachstelle Integration <integration@haseland.example>"),
        ("", None),
        ("keine Adresse", None),
    ],
)
def test_a_plain_mail_is_answered_to_the_office(
    cast: World, february: Meeting, relay: smtp_sink.Sink, address: str, said: str | None
) -> None:
    facts(office_email=address)
    sending.deliver(relay, at=sending.after_grace(AT))
    later = AT + dt.timedelta(hours=1)
    agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=february,
        title="Rufbus",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=later,
    )
    ring.ring(at=later, send=False)

    mails = sending.deliver(relay, at=sending.after_grace(later))

    assert mails[cast.susanne.email]["Reply-To"] == said


def test_invitations_carry_no_reply_to(cast: World, february: Meeting, relay: smtp_sink.Sink, settings: Any) -> None:
    facts(office_email="integration@haseland.example")
    ring.ring(at=AT, send=False)

    mails = sending.deliver(relay, at=sending.after_grace(AT))

    message = mails[cast.susanne.email]
    assert sending.calendar(message)["METHOD"] == "REQUEST"
    assert message["Reply-To"] is None
    assert settings.ORGANIZER_EMAIL in message["From"]
