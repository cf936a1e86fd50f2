"""What people tell each other between the alliances, and the mails it brings."""

from __future__ import annotations

import datetime as dt
import uuid

from meetings.domain import notices, remarks
from tests import world
from tests.notifications.stories.scenes import SOON
from tests.world import AT


def notice_fate() -> dt.datetime:
    cast = world.build()
    said = {"text": "Neuer Kurs.", "valid_until": dt.date(2027, 1, 11)}
    made = notices.submit(bodies=[cast.arbeit], by=cast.susanne, at=AT, **said)  # type: ignore[arg-type]
    notices.release(made, by=cast.imke, at=AT)
    return SOON


def remark_answer() -> dt.datetime:
    cast = world.build()
    made = remarks.make(cast.gesellschaft, text="Bei uns auch.", by=cast.susanne, at=AT, form_key=uuid.uuid4())
    remarks.answer(made, reply="Das nehmen wir gern auf.", by=cast.imke, at=AT)
    return SOON
