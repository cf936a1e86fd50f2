from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from buendnisse.models import Change
from meetings.domain import notices
from meetings.domain.moves import MoveRefused
from meetings.enums import Happened, NoticeState
from meetings.models import Notice
from tests import world
from tests.world import AT, World

pytestmark = pytest.mark.django_db

JANUARY = dt.date(2027, 1, 11)


@pytest.fixture
def cast() -> World:
    return world.build()


def submit(cast: World) -> Notice:
    return notices.submit(text=" Neuer Kurs. ", bodies=[cast.gesellschaft], valid_until=JANUARY, by=cast.hedwig, at=AT)


def test_notice_waits_until_it_is_released(cast: World) -> None:
    notice = submit(cast)
    assert (notice.state, notice.text, notices.waiting()) == (NoticeState.PROPOSED, "Neuer Kurs.", [notice])

    notices.release(notice, by=cast.imke, at=AT)
    assert (notices.waiting(), notices.current(day=JANUARY)) == ([], [notice])
    assert [change.verb for change in Change.objects.of(notice).order_by("pk")] == [
        Happened.NOTICE_SUBMITTED,
        Happened.NOTICE_RELEASED,
    ]


def test_declined_notice_can_still_be_released(cast: World) -> None:
    notice = submit(cast)
    notices.decline(notice, by=cast.imke, at=AT)
    notices.release(notice, by=cast.imke, at=AT)

    assert notice.state == NoticeState.RELEASED


def test_release_twice_is_refused(cast: World) -> None:
    notice = submit(cast)
    notices.release(notice, by=cast.imke, at=AT)

    with pytest.raises(MoveRefused):
        notices.release(notice, by=cast.imke, at=AT)


def test_notice_needs_words_readers_and_a_day_to_come(cast: World) -> None:
    with pytest.raises(notices.NothingSaid):
        notices.submit(text=" ", bodies=[cast.arbeit], valid_until=JANUARY, by=cast.hedwig, at=AT)
    with pytest.raises(notices.NothingSaid):
        notices.submit(text="Neu.", bodies=[], valid_until=JANUARY, by=cast.hedwig, at=AT)
    with pytest.raises(notices.AlreadyOver):
        notices.submit(text="Neu.", bodies=[cast.arbeit], valid_until=dt.date(2026, 1, 1), by=cast.hedwig, at=AT)
    assert Notice.objects.count() == 0


def test_fachstelle_releases_by_a_button(client: Client, cast: World) -> None:
    notice = submit(cast)
    client.force_login(cast.imke)
    assert "Neuer Kurs." in client.get("/kurzmeldungen/").content.decode()
    client.post(f"/kurzmeldungen/{notice.pk}/", {"was": "freigeben"})

    assert Notice.objects.get().state == NoticeState.RELEASED


def test_double_tap_is_one_notice(client: Client, cast: World) -> None:
    client.force_login(cast.imke)
    said = {"text": "Neuer Kurs.", "bodies": [cast.arbeit.pk], "valid_until": "2027-01-11"}
    said["form_key"] = client.get("/kurzmeldungen/").context["form"]["form_key"].value()

    pages = [client.post("/kurzmeldungen/", said) for _tap in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert Notice.objects.get().state == NoticeState.RELEASED


def test_others_release_nothing(client: Client, cast: World) -> None:
    notice = submit(cast)
    client.force_login(cast.birgit)

    assert client.post(f"/kurzmeldungen/{notice.pk}/", {"was": "freigeben"}).status_code == 403
    assert Notice.objects.get().state == NoticeState.PROPOSED
