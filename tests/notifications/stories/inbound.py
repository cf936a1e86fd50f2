"""Mail that comes in, and the mails it brings."""

from __future__ import annotations

import datetime as dt

from tests import world
from tests.notifications import inbound_mail
from tests.notifications.stories.scenes import MINUTE, invited
from tests.support import mail_programs


def reply_check() -> dt.datetime:
    cast = world.build()
    inbound_mail.from_elsewhere(invited(cast), cast)
    return inbound_mail.NOON + MINUTE


def request_again() -> dt.datetime:
    cast = world.build()
    inbound_mail.refresh(invited(cast), cast)
    return inbound_mail.NOON + MINUTE


def passed_on() -> dt.datetime:
    inbound_mail.words(world.build())
    inbound_mail.has_mailbox()
    row = inbound_mail.receive(mail_programs.words("Noch eine Frage", number=2))
    assert row.data == {"passed_on": True}
    return inbound_mail.NOON + MINUTE
