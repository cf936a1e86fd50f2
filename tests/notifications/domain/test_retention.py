"""What is not kept, on both sides of each limit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session

from buendnisse import clock
from buendnisse.domain import api_tokens, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import ApiToken, Change
from meetings.domain import planning
from meetings.models import Attendance
from notifications.domain import outbox, retention, telephone
from notifications.enums import CallOutcome, MailKind, OutboxState
from notifications.models import OutboxMessage, TelephoneMark
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.world import AT, build

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(days=31)


def message(state: OutboxState) -> OutboxMessage:
    made = outbox.write(kind=MailKind.DIGEST, person=PersonFactory(), occasion=f"x:{state}", at=AT, data={"id": 1})
    assert made is not None
    sent_at = AT if state == OutboxState.SENT else None
    OutboxMessage.objects.filter(pk=made.pk).update(state=state, payload=b"Liebe Leute", sent_at=sent_at)
    return made


@pytest.mark.parametrize(
    ("state", "data"),
    [
        (OutboxState.SENT, {}),
        (OutboxState.SUPERSEDED, {}),
        (OutboxState.FAILED, {"id": 1}),
        (OutboxState.STOPPED, {"id": 1}),
    ],
)
def test_bytes_go_after_thirty_days(state: OutboxState, data: dict[str, int]) -> None:
    made = message(state)

    done = [retention.forget_bytes(at=AT + dt.timedelta(days=29)), retention.forget_bytes(at=LATER)]
    again = retention.forget_bytes(at=LATER)

    made.refresh_from_db()
    assert (done, again, made.payload, made.data) == ([0, 1], 0, None, data)


def test_waiting_mail_is_kept() -> None:
    made = message(OutboxState.WAITING)

    assert retention.forget_bytes(at=LATER) == 0
    made.refresh_from_db()
    assert bytes(made.payload or b"") == b"Liebe Leute"


def test_who_was_called_is_forgotten_a_month_after_the_meeting() -> None:
    person = PersonFactory()
    meeting = MeetingFactory(state="confirmed")
    row = Attendance.objects.create(meeting=meeting, person=person, organisation=person.organisation, role="member")
    planning.cancel(meeting, reason="Glatteis.", by=person, at=AT)
    telephone.mark(meeting, row=row.pk, outcome=CallOutcome.REACHED, by=person, at=AT)

    kept = [retention.forget_calls(at=LATER), retention.forget_calls(at=meeting.end + retention.KEEP_BYTES)]
    gone = retention.forget_calls(at=meeting.end + dt.timedelta(days=31))
    assert (kept, gone, TelephoneMark.objects.count()) == ([0, 0], 1, 0)


@pytest.mark.parametrize("kind", [MailKind.CODE, MailKind.LINK])
def test_mails_with_codes_and_links_go_as_a_whole_after_thirty_days(kind: MailKind) -> None:
    outbox.write(kind=kind, person=PersonFactory(), occasion="x", at=AT)
    outbox.write(kind=MailKind.DIGEST, person=PersonFactory(), occasion="x", at=AT)

    done = [retention.forget_access_mails(at=AT + dt.timedelta(days=days)) for days in (30, 31, 31)]

    assert done == [0, 1, 0]
    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == [MailKind.DIGEST]


def test_link_offers_a_new_one_for_ninety_days_and_then_opens_nothing() -> None:
    over = AT + dt.timedelta(days=1)
    link = links.grant(PersonFactory(), purpose=LinkPurpose.SETTINGS, until=over, at=AT)
    token, last = links.token(link), over + dt.timedelta(days=90)

    assert retention.forget_links(at=last) == 0
    with pytest.raises(links.LinkExpired):
        links.open_token(token, purpose=LinkPurpose.SETTINGS, at=last)
    assert retention.forget_links(at=last + dt.timedelta(days=1)) == 1
    with pytest.raises(links.LinkInvalid):
        links.open_token(token, purpose=LinkPurpose.SETTINGS, at=last)


def test_link_made_again_after_it_was_forgotten_is_another_one() -> None:
    person, over = PersonFactory(), AT + dt.timedelta(days=1)
    old = links.token(links.grant(person, purpose=LinkPurpose.SETTINGS, until=over, at=AT))
    retention.forget_links(at=over + dt.timedelta(days=91))

    new = links.token(links.grant(person, purpose=LinkPurpose.SETTINGS, until=over, at=AT))

    assert new != old


def test_key_ends_after_a_year_without_use_and_is_forgotten_a_year_later() -> None:
    cast = build()
    idle, used = (api_tokens.issue(cast.susanne, name=name, by=cast.imke, at=AT) for name in ("alt", "neu"))
    api_tokens.person_of(used, at=AT + dt.timedelta(days=300))

    done = [retention.forget_keys(at=AT + dt.timedelta(days=days)) for days in (365, 366, 366)]

    assert done == [0, 1, 0]
    assert api_tokens.person_of(idle, at=AT) is None
    assert api_tokens.person_of(used, at=AT + dt.timedelta(days=366)) == cast.susanne
    ended = Change.objects.get(verb="api_token.revoked")
    assert (ended.via, ended.by) == ("rule", None)
    assert [retention.forget_keys(at=AT + dt.timedelta(days=days)) for days in (731, 732)] == [0, 2]
    assert ApiToken.objects.get().name == "neu"


def test_sessions_that_are_over_go_and_others_stay() -> None:
    now = clock.real_now()
    for key, minutes in (("over", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + dt.timedelta(minutes=minutes))

    assert [retention.forget_sessions(at=AT), retention.forget_sessions(at=AT)] == [1, 0]
    assert Session.objects.get().session_key == "running"


def test_a_ring_forgets_a_portion_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_PORTION", 2)
    for number in range(3):
        outbox.write(kind=MailKind.CODE, person=PersonFactory(), occasion=f"x{number}", at=AT)

    assert [retention.forget_access_mails(at=LATER) for _ring in range(3)] == [2, 1, 0]
