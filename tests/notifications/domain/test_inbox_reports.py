"""Reports of mail servers: about a mail of ours or of others, and those that report nothing lost."""

from __future__ import annotations

import pytest

from meetings.models import Meeting
from notifications.enums import MailKind
from notifications.models import InboundMessage, MailReturn, OutboxMessage
from tests.notifications.bounces import reports
from tests.notifications.inbound_mail import receive, result
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

FOREIGN = "<x.1@anderswo.example>"
COULD_BE = "<nie.gesehen@fachstelle.example>"
ELSEWHERE = "buendnisse@fachstelle.example"


def ours(cast: World) -> OutboxMessage:
    return OutboxMessage.objects.get(person=cast.susanne, kind=MailKind.INVITATION)


def auth_failure(message_id: str, result_of_delivery: str) -> bytes:
    fields = f"Delivery-Result: {result_of_delivery}".encode()
    raw = reports.complaint(of="auth-failure", message_id=message_id)
    return raw.replace(b"User-Agent: Postfach/1.0", fields)


OTHERS = {
    "lost": (reports.dsn(to=ELSEWHERE, message_id=FOREIGN), ("bounce", "foreign_report", "filed")),
    "delayed": (
        reports.dsn(to=ELSEWHERE, message_id=FOREIGN, action="delayed", status="4.4.0"),
        ("automatic", "foreign_report", "filed"),
    ),
    "complaint": (reports.complaint(message_id=FOREIGN), ("complaint", "foreign_report", "filed")),
    "unchecked": (auth_failure(FOREIGN, "delivered"), ("automatic", "foreign_report", "filed")),
    "lost, perhaps ours": (reports.dsn(to=ELSEWHERE, message_id=COULD_BE), ("bounce", "report", "open")),
    "delayed, perhaps ours": (
        reports.dsn(to=ELSEWHERE, message_id=COULD_BE, action="delayed", status="4.4.0"),
        ("automatic", "report", "filed"),
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_report_about_no_mail_of_ours_says_so(db: None, case: str) -> None:
    raw, found = OTHERS[case]
    row = receive(raw)

    assert result(row) == found
    assert row.why == (
        "Ein Mailserver berichtet über eine Mail, die nicht von uns ist."
        if found[1] == "foreign_report"
        else "Ein Mailserver berichtet über eine Mail. Ob sie von uns ist, steht nicht dabei. Bitte lesen Sie den Bericht."
    )
    assert not MailReturn.objects.exists()


def test_delayed_mail_is_on_its_way(invited: Meeting, cast: World) -> None:
    row = receive(reports.dsn(to=ELSEWHERE, message_id=ours(cast).message_id, action="delayed", status="4.4.0"))

    assert (*result(row), row.person) == ("automatic", "delayed", "filed", cast.susanne)
    assert row.why == "Eine Mail von uns ist noch unterwegs. Der andere Mailserver versucht es weiter."
    assert MailReturn.objects.get().kind == "delayed"


def test_mail_that_arrived_though_nobody_could_prove_its_sender_is_not_lost(invited: Meeting, cast: World) -> None:
    message = ours(cast)

    row = receive(auth_failure(message.message_id, "delivered"))

    assert (*result(row), row.about) == ("automatic", "unchecked", "filed", message)
    message.refresh_from_db()
    assert (message.state, MailReturn.objects.count()) == ("sent", 0)


def test_mail_refused_since_nobody_could_prove_its_sender_is_lost(invited: Meeting, cast: World) -> None:
    message = ours(cast)

    row = receive(auth_failure(message.message_id, "reject"))

    assert (*result(row), MailReturn.objects.get().kind) == ("bounce", "bounce", "filed", "policy")
    assert InboundMessage.objects.get().about == message
