"""Every change is told once; one that cannot be told holds nothing back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from buendnisse.domain import journal
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Meeting
from notifications.domain import dispatch
from notifications.models import Dispatch, OutboxMessage
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def test_change_that_cannot_be_told_holds_nothing_back(cast: World) -> None:
    with transaction.atomic():
        broken = journal.record(Happened.MEETING_CALL_OPENED, Meeting(pk=4711), at=AT, by=cast.imke)
        after = journal.record(Happened.MEETING_PLANNED, Meeting(pk=4712), at=AT, by=cast.imke)

    with pytest.raises(dispatch.Untold):
        dispatch.fan_out(at=AT)

    assert list(Dispatch.objects.values_list("change", flat=True)) == [after.pk]
    assert list(Change.objects.filter(dispatch__isnull=True)) == [broken]


def test_change_is_told_once(february: Meeting) -> None:
    later = AT + dt.timedelta(minutes=5)

    written = [dispatch.fan_out(at=later), dispatch.fan_out(at=later)]

    assert written == [OutboxMessage.objects.count(), 0]
