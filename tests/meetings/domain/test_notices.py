from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse.models import Change
from meetings.domain import notice_list, notices
from meetings.domain.moves import MoveRefused
from meetings.domain.notice_list import Stand, Wanted
from meetings.domain.versions import Stale
from meetings.enums import Happened, NoticeState
from meetings.models import Notice
from notifications.domain import digest
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


def test_wording_of_the_fachstelle_stands_beside_what_was_sent(cast: World) -> None:
    notice = submit(cast)
    words = {"bodies": [cast.gesellschaft, cast.bildung], "valid_until": JANUARY, "by": cast.imke, "at": AT}
    notices.edit(notice, version=1, text="Kurs ab Januar.", **words)  # type: ignore[arg-type]
    assert (notice.text, notice.text_as_sent, notice.own_words) == ("Kurs ab Januar.", "Neuer Kurs.", "Neuer Kurs.")

    notices.edit(notice, version=2, text="Neuer Kurs.", **words)  # type: ignore[arg-type]
    assert (notice.text, notice.text_as_sent) == ("Neuer Kurs.", "")
    assert [body.slug for body in notice.bodies.order_by("pk")] == ["bildung", "gesellschaft"]
    with pytest.raises(Stale):
        notices.edit(notice, version=1, text="Zu spät.", **words)  # type: ignore[arg-type]


def test_release_is_undone_until_a_letter_tells_it(cast: World) -> None:
    notice = submit(cast)
    notices.release(notice, by=cast.imke, at=AT, reply="Danke.")
    notices.reopen(notice, by=cast.imke, at=AT)
    assert (notice.state, notice.released_at, notices.waiting()) == (NoticeState.PROPOSED, None, [notice])

    notices.release(notice, by=cast.imke, at=AT)
    digest.write(at=AT + dt.timedelta(days=7))
    with pytest.raises(notices.AlreadyTold):
        notices.reopen(notice, by=cast.imke, at=AT + dt.timedelta(days=7))
    notices.end(notice, by=cast.imke, at=AT + dt.timedelta(days=7))
    assert notices.current(day=AT.date()) == []
    notices.resume(notice, by=cast.imke, at=AT + dt.timedelta(days=8))
    assert (notices.current(day=JANUARY), notice.released_at) == ([notice], AT)


def test_whoever_sent_it_takes_it_back_and_means_it_after_all(cast: World) -> None:
    notice = submit(cast)
    notices.release(notice, by=cast.imke, at=AT)
    notices.withdraw(notice, by=cast.hedwig, at=AT)
    assert (notice.state, notices.running(cast.gesellschaft, cast.imke, at=AT)) == (NoticeState.WITHDRAWN, [])

    notices.resubmit(notice, by=cast.hedwig, at=AT)
    assert notices.waiting() == [notice]
    notices.withdraw(notice, by=cast.hedwig, at=AT)
    with pytest.raises(notices.AlreadyOver):
        notices.resubmit(notice, by=cast.hedwig, at=AT + dt.timedelta(days=90))


def test_three_wait_at_most_and_the_same_key_is_the_same_notice(cast: World) -> None:
    made = [submit(cast) for _one in range(notices.MOST_WAITING)]
    with pytest.raises(notices.TooManyWaiting):
        submit(cast)
    said = {"bodies": [cast.arbeit], "valid_until": JANUARY, "at": AT, "form_key": made[0].form_key}
    assert notices.submit(text="Noch einmal.", by=cast.hedwig, **said) == made[0]  # type: ignore[arg-type]
    notices.decline(made[0], by=cast.imke, at=AT)
    submit(cast)

    assert Notice.objects.count() == 4


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"web_address": "http://kurs.example/"}, notices.NotHttps),
        ({"web_address": "javascript:alert(1)"}, notices.NotHttps),
        ({"web_address": "https:///kurs"}, notices.NotHttps),
        ({"valid_until": dt.date(2028, 1, 1)}, notices.RunsTooLong),
    ],
)
def test_address_is_https_and_a_notice_runs_a_year_at_most(
    cast: World, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    said = {"text": "Neu.", "bodies": [cast.arbeit], "valid_until": JANUARY, "by": cast.hedwig, "at": AT} | wrong
    with pytest.raises(refusal):
        notices.submit(**said)


def test_list_finds_by_stand_words_and_body(cast: World) -> None:
    waits, runs = submit(cast), submit(cast)
    notices.release(runs, by=cast.imke, at=AT)
    over = submit(cast)
    notices.release(over, by=cast.imke, at=AT)
    Notice.objects.filter(pk=over.pk).update(valid_until=dt.date(2026, 11, 1))
    declined = submit(cast)
    notices.decline(declined, by=cast.imke, at=AT)
    gone = submit(cast)
    notices.withdraw(gone, by=cast.hedwig, at=AT)

    found = {stand: list(notice_list.found(Wanted(stand=stand), at=AT)) for stand in Stand}
    assert found == {
        Stand.WAITING: [waits],
        Stand.RUNNING: [runs],
        Stand.OVER: [over],
        Stand.DECLINED: [declined],
        Stand.WITHDRAWN: [gone],
    }
    assert {notice_list.stand(one, day=AT.date()) for [one] in found.values()} == set(Stand)
    assert list(notice_list.found(Wanted(words="kurs hand", alliance=cast.arbeit), at=AT)) == []
    assert notice_list.found(Wanted(words="kurs hand", alliance=cast.gesellschaft), at=AT).count() == 5


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


def test_what_is_out_is_not_worded_anew_and_each_wording_leaves_a_trace(cast: World) -> None:
    notice = submit(cast)
    words: dict[str, Any] = {"bodies": [cast.gesellschaft], "valid_until": JANUARY, "by": cast.imke, "at": AT}
    notices.edit_and_release(notice, version=1, text="Kurs ab Januar.", reply="Danke.", **words)
    assert (notice.state, notice.text, notice.reply) == (NoticeState.RELEASED, "Kurs ab Januar.", "Danke.")
    assert list(Change.objects.of(notice).order_by("pk").values_list("verb", flat=True)) == [
        Happened.NOTICE_SUBMITTED,
        Happened.NOTICE_EDITED,
        Happened.NOTICE_RELEASED,
    ]

    with pytest.raises(MoveRefused):
        notices.edit_and_release(notice, version=2, text="Kein Kurs.", **words)

    notice.refresh_from_db()
    assert (notice.text, notice.version) == ("Kurs ab Januar.", 2)


@pytest.mark.parametrize("done", [notices.decline, notices.release])
def test_only_what_one_took_back_is_handed_in_again(cast: World, done: Any) -> None:
    notice = submit(cast)
    done(notice, by=cast.imke, at=AT)

    with pytest.raises(MoveRefused):
        notices.resubmit(notice, by=cast.hedwig, at=AT)

    notice.refresh_from_db()
    assert notice.state != NoticeState.PROPOSED


def test_words_and_reply_stay_where_somebody_else_was_faster(client: Client, cast: World) -> None:
    notice = submit(cast)
    client.force_login(cast.imke)
    notices.release(notice, by=cast.imke, at=AT)
    typed = {"version": "1", "text": "Kurs ab Januar.", "bodies": [cast.gesellschaft.pk], "valid_until": "2027-01-11"}

    shown = client.post(f"/kurzmeldungen/{notice.pk}/", typed | {"was": "freigeben", "reply": "Vielen Dank."})

    page, stored = shown.content.decode(), Notice.objects.get()
    assert (shown.status_code, stored.text, stored.reply) == (409, "Neuer Kurs.", "")
    assert (page.count("Kurs ab Januar."), page.count("Vielen Dank.")) == (1, 1)
