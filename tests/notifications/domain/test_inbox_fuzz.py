"""Whatever comes in, to the end in the database: nothing is raised, and without an invitation it matches nothing changes.

`FUZZ_RECEIVED=5000` receives as many mails as are wanted; by itself the suite receives a few.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes

import pytest
from django import conf
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.models import Attendance, Meeting
from notifications.domain import returns, tray
from notifications.enums import InboundKind
from notifications.models import InboundMessage, Invitation, OutboxMessage
from tests.notifications.accidents import PIECES, mangled
from tests.notifications.bounces import reports
from tests.notifications.inbound_mail import HOUR, NOON, receive, reply
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import PROGRAMS
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

INPUTS = int(os.environ.get("FUZZ_RECEIVED", "40"))
#: What a mail may change that answers an invitation, and what one that reports on a mail of ours.
ANSWER = {"meetings.Attendance", "meetings.DeputyRequest", "notifications.Invitation", "buendnisse.Change"}
REPORT = {"notifications.OutboxMessage", "notifications.MailReturn", "buendnisse.Person", "buendnisse.Change"}

Row = tuple[object, str]  # key, and all of it in words


@dataclass
class Inbox:
    """Susanne is invited; `whole` are mails about that, and some that are not."""

    attendance: int
    invitation: Invitation
    message: OutboxMessage
    whole: list[bytes]
    before: dict[str, Counter[Row]]

    def changed(self) -> dict[str, Counter[Row]]:
        """The rows that are gone or new since, by their table."""
        now = tables()
        found = {name: (now[name] - rows) + (rows - now[name]) for name, rows in self.before.items()}
        return {name: rows for name, rows in found.items() if rows}


def tables() -> dict[str, Counter[Row]]:
    """Every row of the program but the mails that came in."""
    found: dict[str, Counter[Row]] = {}
    for model in apps.get_models():
        if model._meta.app_label in {"buendnisse", "meetings", "notifications"} and model is not InboundMessage:
            rows = model._base_manager.values_list("pk", *(field.attname for field in model._meta.concrete_fields))
            found[model._meta.label] = Counter((row[0], repr(row)) for row in rows)
    return found


@pytest.fixture
def inbox(invited: Meeting, cast: World, relay: smtp_sink.Sink, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    monkeypatch.setattr(conf.settings, "AUTHSERV_ID", mail_programs.OUR_SERVER)
    said = reply(invited, cast.susanne, comment="Ja; später")
    start = invited.start + dt.timedelta(days=7)
    message = OutboxMessage.objects.get(person=cast.susanne, kind="invitation")
    ours: dict[str, str] = {"to": returns.sender(message), "message_id": message.message_id}
    whole = [
        *(compose(said) for compose in PROGRAMS.values()),
        *(compose(said.but(partstat="DECLINED", proven=False)) for compose in PROGRAMS.values()),
        *(compose(said.but(uid="fremd@anderswo.example")) for compose in PROGRAMS.values()),
        mail_programs.nextcloud(said),
        mail_programs.apple(said.but(partstat="DELEGATED")),
        mail_programs.outlook(said.but(method="COUNTER", partstat="TENTATIVE", start=start, end=start + HOUR)),
        mail_programs.thunderbird(said.but(method="REFRESH", partstat="NEEDS-ACTION")),
        mail_programs.words("Ich komme gern.", answers_to=message.message_id),
        mail_programs.words("Wird nicht zugestellt.", headers=("Auto-Submitted: auto-replied",)),
        reports.dsn(recipient=cast.susanne.email, **ours),
        reports.dsn(status="4.2.2", recipient=cast.susanne.email, **ours),
        reports.dsn(to="wer@anderswo.example", message_id="<fremd@anderswo.example>"),
        reports.complaint(message_id=message.message_id),
        next(raw for to, raw in relay.mail if to == cast.susanne.email),
    ]
    row = Attendance.objects.get(meeting=invited, person=cast.susanne)
    return Inbox(row.pk, Invitation.objects.get(meeting=invited, person=cast.susanne), message, whole, tables())


def check(inbox: Inbox, raw: bytes) -> set[str]:
    """Receive it, twice, look at it, and take it all back. The tables it changed."""
    with transaction.atomic():
        row = receive(raw)
        assert receive(raw).is_known
        assert tray.page(row.pk, at=NOON) is not None
        changed = inbox.changed()
        said = decoded(raw)
        if row.kind == InboundKind.REPORT:
            about = row.about == inbox.message and is_proven(inbox, said)
            assert set(changed) <= (REPORT if about else set())
        else:
            matches = row.invitation == inbox.invitation and inbox.invitation.uid in said
            assert set(changed) <= (ANSWER if matches else set())
        for label, key in (
            ("meetings.Attendance", inbox.attendance),
            ("notifications.Invitation", inbox.invitation.pk),
        ):
            assert {number for number, _rest in changed.get(label, ())} <= {key}
        transaction.set_rollback(True)
    return set(changed)


def decoded(raw: bytes) -> str:
    """Its headers and all of its parts, their encoding and the folds of calendars undone, what no eye sees left out."""
    parts = [one for one in message_from_bytes(raw).walk() if not one.is_multipart()]
    data = b"\n".join([raw, *(found for one in parts if isinstance(found := one.get_payload(decode=True), bytes))])
    return re.sub("\n[ \t]|[^\n\x20-\x7e]", "", data.decode("utf-8", "replace").replace("\r\n", "\n"))


def is_proven(inbox: Inbox, said: str) -> bool:
    """It came to the envelope sender only this mail has, or quotes its Message-ID."""
    return returns.sender(inbox.message).lower() in said.lower() or inbox.message.message_id in said


def test_what_whole_mails_change_is_seen(inbox: Inbox) -> None:
    """The other tests could not fail if nothing ever changed, or if nobody saw it."""
    entered = {"meetings.Attendance", "notifications.Invitation", "buendnisse.Change"}
    settled = {"notifications.OutboxMessage", "notifications.MailReturn"}
    seen = [check(inbox, raw) for raw in inbox.whole]

    assert seen[:8] == [entered] * 8
    assert seen[8:12] == [set()] * 4
    assert [names & entered == entered for names in seen[12:16]] == [True, False, True, False]
    assert seen[16:18] == [set(), set()]
    assert [names & settled == settled for names in seen[18:]] == [True, True, False, False, False]


def runs(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def test_mail_with_accidents_changes_only_what_it_matches(inbox: Inbox) -> None:
    @runs(INPUTS)
    @given(st.integers(min_value=0, max_value=2**63))
    def received(seed: int) -> None:
        check(inbox, mangled(seed, inbox.whole))

    received()


def test_pieces_in_any_order_change_nothing(inbox: Inbox) -> None:
    @runs(INPUTS // 3 + 1)
    @given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=40))
    def received(pieces: list[bytes]) -> None:
        assert check(inbox, b"".join(pieces)) == set()

    received()
