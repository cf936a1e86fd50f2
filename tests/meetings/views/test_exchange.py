"""Notices and remarks by link and at the desk: nothing typed is lost, a double tap is one, only one's own is shown."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import models
from django.test import Client

from buendnisse.domain import journal, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Alliance, Installation, Membership, Person
from meetings.domain import notices, remarks
from meetings.enums import Happened, NoticeState, RemarkState
from meetings.models import Meeting, Notice, Remark
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

WORDS = {"text": "Neuer Kurs ab Januar.", "valid_until": "2027-01-11"}


@pytest.fixture(autouse=True)
def _everybody_may_sign_in(cast: World) -> None:
    Person.objects.update(may_sign_in=True)


def by_link(person: Person, purpose: LinkPurpose, subject: models.Model | None = None) -> str:
    own = links.grant(person, purpose=purpose, subject=subject, until=AT + dt.timedelta(days=9), at=AT)
    page = "kurzmeldung" if purpose == LinkPurpose.NOTICE else "dazu"
    return f"/{page}/{links.token(own)}/"


def words(cast: World, page: Any, **more: Any) -> dict[str, Any]:
    return WORDS | {"bodies": [cast.arbeit.pk], "form_key": page.context["form"]["form_key"].value()} | more


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_notice_past_its_last_day_is_told_and_not_offered_to_be_released(cast: World) -> None:
    day = dt.date(2026, 11, 24)
    notices.submit(
        text="Kleider",
        bodies=[cast.arbeit],
        valid_until=day,
        form_key=uuid.uuid4(),
        by=cast.hedwig,
        at=AT,
        via=Via.LINK,
    )
    Notice.objects.update(valid_until=AT.date() - dt.timedelta(days=1))

    page = text_of(signed_in(cast.imke).get("/kurzmeldungen/"))

    assert (page.count('value="freigeben"'), page.count("Ihr letzter Tag ist vorbei.")) == (0, 1)


# --- A notice by link -----------------------------------------------------------------------------


def test_member_hands_in_by_link_and_a_double_tap_is_one(cast: World, client: Client) -> None:
    page = by_link(cast.hedwig, LinkPurpose.NOTICE)
    said = words(cast, client.get(page))
    answers = [client.post(page, said) for _tap in range(2)]

    notice = Notice.objects.get()
    assert [answer["Location"] for answer in answers] == [f"{page}{notice.pk}/"] * 2
    assert (notice.state, notice.from_person, notice.text) == (NoticeState.PROPOSED, cast.hedwig, WORDS["text"])
    assert "Danke für Ihre Kurzmeldung" in text_of(client.get(f"{page}{notice.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": " "}, "Bitte schreiben Sie in ein bis zwei Sätzen, was es Neues gibt."),
        ({"text": "x" * 501}, "Bitte kürzen Sie auf 500 Zeichen."),
        ({"bodies": []}, "Bitte kreuzen Sie mindestens ein Bündnis an."),
        ({"valid_until": "morgen"}, "Bitte geben Sie einen Tag an, zum Beispiel 31.01.2027."),
        ({"valid_until": "2026-11-01"}, "ist schon vorbei."),
        ({"web_address": "http://kurs.example/"}, "Bitte geben Sie eine Adresse an, die mit „https://“ beginnt."),
        ({"web_address": "x" * 301}, "300 Zeichen"),
        ({"form_key": "keiner"}, "UUID"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: World, client: Client, wrong: dict[str, Any], sentence: str
) -> None:
    page = by_link(cast.hedwig, LinkPurpose.NOTICE)
    answer = client.post(page, words(cast, client.get(page), web_address="https://kurs.example/") | wrong)

    kept = text_of(answer)
    assert sentence in kept
    assert [said in kept for said in ("2027-01-11", "https://kurs.example/") if said not in str(wrong)] != [False]
    assert Notice.objects.count() == 0


def test_fourth_that_waits_is_refused_with_its_words(cast: World, client: Client) -> None:
    for _one in range(notices.MOST_WAITING):
        notices.submit(
            text="Neu.", bodies=[cast.arbeit], valid_until=dt.date(2027, 1, 1), by=cast.hedwig, at=AT
        )  # fmt: skip
    page = by_link(cast.hedwig, LinkPurpose.NOTICE)

    kept = text_of(client.post(page, words(cast, client.get(page))))

    assert "Von Ihnen warten schon drei Kurzmeldungen." in kept
    assert WORDS["text"] in kept


def test_own_notice_is_taken_back_and_handed_in_after_all(cast: World, client: Client) -> None:
    page = by_link(cast.hedwig, LinkPurpose.NOTICE)
    client.post(page, words(cast, client.get(page)))
    own = f"{page}{Notice.objects.get().pk}/"

    client.post(own, {"was": "zuruecknehmen"})
    assert Notice.objects.get().state == NoticeState.WITHDRAWN
    assert WORDS["text"] in text_of(client.get(own))
    client.post(own, {"was": "doch"})
    assert Notice.objects.get().state == NoticeState.PROPOSED


def test_words_of_an_own_notice_begin_a_new_one_and_nobody_elses(cast: World, client: Client) -> None:
    for person in (cast.hedwig, cast.susanne):
        notices.submit(
            text=f"Von {person.first_name}.", bodies=[cast.arbeit], valid_until=dt.date(2027, 1, 1), by=person, at=AT
        )
    page = by_link(cast.hedwig, LinkPurpose.NOTICE)
    own, other = (Notice.objects.get(from_person=person).pk for person in (cast.hedwig, cast.susanne))

    assert client.get(f"{page}?wie={own}").context["form"]["text"].value() == "Von Hedwig."
    assert client.get(f"{page}?wie={other}").context["form"]["text"].value() is None
    assert client.get(f"{page}{other}/").status_code == 404


def test_who_has_left_is_told_so(cast: World, client: Client) -> None:
    Membership.objects.filter(person=cast.hedwig).update(until=dt.date(2026, 10, 31))
    for page in (by_link(cast.hedwig, LinkPurpose.NOTICE), by_link(cast.hedwig, LinkPurpose.REMARK, cast.arbeit)):
        answer = client.get(page)
        assert (answer.status_code, "Diese Seite ist für Mitglieder" in text_of(answer)) == (410, True)


# --- At the desk ----------------------------------------------------------------------------------


def waiting(cast: World) -> Notice:
    return notices.submit(
        text="Neuer Kurs.", bodies=[cast.arbeit], valid_until=dt.date(2027, 1, 11), by=cast.susanne, at=AT
    )


def test_fachstelle_words_anew_and_releases_in_one_step(cast: World) -> None:
    notice, desk = waiting(cast), signed_in(cast.imke)
    page = f"/kurzmeldungen/{notice.pk}/"
    said = {"text": "Kurs.", "bodies": [cast.bildung.pk], "valid_until": "2027-01-10", "version": 1, "reply": "Danke."}
    desk.post(page, said | {"was": "freigeben"})

    notice.refresh_from_db()
    assert (notice.state, notice.text, notice.text_as_sent, notice.reply) == (
        NoticeState.RELEASED,
        "Kurs.",
        "Neuer Kurs.",
        "Danke.",
    )
    assert "Freigabe zurücknehmen" in text_of(desk.get(page))
    desk.post(page, {"was": "zuruecknehmen"})
    assert desk.get(page).context["form"]["text"].value() == "Kurs."


def test_stale_wording_shows_both(cast: World) -> None:
    notice = waiting(cast)
    notices.edit(
        notice,
        version=1,
        text="Schon geändert.",
        bodies=[cast.arbeit],
        valid_until=dt.date(2027, 1, 11),
        by=cast.imke,
        at=AT,
    )
    said = {"text": "Mein Text.", "bodies": [cast.arbeit.pk], "valid_until": "2027-01-10", "version": 1}
    answer = signed_in(cast.imke).post(f"/kurzmeldungen/{notice.pk}/", said | {"was": "freigeben"})

    assert answer.status_code == 409
    assert [text in text_of(answer) for text in ("Schon geändert.", "Mein Text.")] == [True, True]


def test_refused_wording_keeps_what_was_typed(cast: World) -> None:
    notice, desk = waiting(cast), signed_in(cast.imke)
    said = {"text": "", "bodies": [cast.arbeit.pk], "valid_until": "2027-01-10", "version": 1, "reply": "Nur ein Wort."}
    for more in ({"was": "freigeben"}, {"was": "ablehnen", "reply": "x" * 501}):
        answer = desk.post(f"/kurzmeldungen/{notice.pk}/", said | more)
        assert (answer.status_code, (said | more)["reply"] in text_of(answer)) == (200, True)
    assert Notice.objects.get().state == NoticeState.PROPOSED


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_any_number(cast: World, number: int, django_assert_num_queries: Any) -> None:
    for _one in range(number):
        waiting(cast)
    desk = signed_in(cast.imke)
    with django_assert_num_queries(10):
        desk.get("/kurzmeldungen/?stand=wartet&q=kurs")


def test_own_notice_of_the_fachstelle_is_out_at_once_and_a_double_tap_is_one(cast: World) -> None:
    desk = signed_in(cast.imke)
    said = words(cast, desk.get("/kurzmeldungen/"))
    answers = [desk.post("/kurzmeldungen/", said).status_code for _tap in range(2)]

    assert (answers, Notice.objects.get().state) == ([302, 302], NoticeState.RELEASED)


def test_refused_notice_of_the_fachstelle_says_so_at_the_top(cast: World) -> None:
    desk = signed_in(cast.imke)
    answer = desk.post("/kurzmeldungen/", words(cast, desk.get("/kurzmeldungen/"), valid_until="2026-11-01"))

    page = text_of(answer)
    assert page.index("ist schon vorbei.") < page.index("Alle Kurzmeldungen")
    assert (answer.status_code, Notice.objects.count()) == (200, 0)


def test_sender_reads_whether_the_letter_has_gone(cast: World, client: Client) -> None:
    notice = waiting(cast)
    own = f"{by_link(cast.susanne, LinkPurpose.NOTICE)}{notice.pk}/"
    notices.release(notice, by=cast.imke, at=AT)
    before = text_of(client.get(own))
    journal.record(Happened.DIGEST_CLOSED, Installation(pk=1), at=AT, by=None, via=Via.RULE)
    after = text_of(client.get(own))

    assert ["Sie steht im nächsten Wochenbrief." in page for page in (before, after)] == [True, False]
    assert "Sie stand im Wochenbrief. Bis 11. Januar 2027" in after


def test_wrong_filters_narrow_nothing(cast: World) -> None:
    waiting(cast)
    answer = signed_in(cast.imke).get("/kurzmeldungen/?stand=irgend&buendnis=keins&seite=99&q=" + "x" * 200)

    assert (answer.status_code, len(answer.context["rows"])) == (200, 1)


# --- Dazu etwas sagen -----------------------------------------------------------------------------


def test_member_says_something_by_link_and_reads_what_became_of_it(cast: World, client: Client) -> None:
    page = by_link(cast.hedwig, LinkPurpose.REMARK, cast.arbeit)
    said = {"text": "Bei uns auch.", "form_key": client.get(page).context["form"]["form_key"].value()}
    answers = [client.post(page, said) for _tap in range(2)]
    remark = Remark.objects.get()
    own = f"{page}{remark.pk}/"
    assert [answer["Location"] for answer in answers] == [own, own]

    client.post(own, {"was": "zuruecknehmen"})
    client.post(own, {"was": "doch"})
    signed_in(cast.imke).post(f"/rueckmeldungen/{remark.pk}/", {"was": "antworten", "reply": "Danke, das hilft."})
    assert "Danke, das hilft." in text_of(client.get(own))
    client.post(own, {"was": "doch"})  # what the Fachstelle did is not undone by link
    assert Remark.objects.get().state == RemarkState.ANSWERED


def test_link_about_one_alliance_shows_no_remark_about_another(cast: World, client: Client) -> None:
    other = remarks.make(cast.bildung, text="Zu Bildung.", by=cast.hedwig, at=AT, form_key=Notice().form_key)

    assert client.get(f"{by_link(cast.hedwig, LinkPurpose.REMARK, cast.arbeit)}{other.pk}/").status_code == 404


def test_desk_settles_opens_again_and_makes_a_topic(cast: World, march: Meeting) -> None:
    remark = remarks.make(cast.arbeit, text="Bei uns auch.", by=cast.hedwig, at=AT, form_key=Notice().form_key)
    desk, page = signed_in(cast.imke), f"/rueckmeldungen/{remark.pk}/"
    assert "1 Rückmeldung ansehen" in text_of(desk.get("/"))

    assert "Bitte schreiben Sie die Antwort." in text_of(desk.post(page, {"was": "antworten", "reply": " "}))
    assert "Bitte geben Sie dem Thema einen Titel." in text_of(desk.post(page, {"was": "thema", "title": ""}))
    states = []
    for said in ({"was": "erledigt"}, {"was": "oeffnen"}, {"was": "thema", "title": "Begleitung"}):
        desk.post(page, said)
        states.append(Remark.objects.get().state)

    assert states == [RemarkState.SETTLED, RemarkState.OPEN, RemarkState.TAKEN_UP]
    assert march.agenda_items.get(proposer=cast.hedwig).title == "Begleitung"
    assert "als Thema vorgeschlagen" in text_of(desk.get("/rueckmeldungen/"))


@pytest.mark.parametrize("said", [{"was": "antworten", "reply": "Mein Wort."}, {"was": "thema", "title": "Mein Wort."}])
def test_second_who_deals_with_it_keeps_what_was_typed(cast: World, said: dict[str, str]) -> None:
    remark = remarks.make(cast.arbeit, text="Bei uns auch.", by=cast.hedwig, at=AT, form_key=Notice().form_key)
    remarks.settle(remark, by=cast.imke, at=AT)

    answer = signed_in(cast.imke).post(f"/rueckmeldungen/{remark.pk}/", said)

    page = text_of(answer)
    assert (answer.status_code, "Mein Wort." in page, "Es wurde nicht gespeichert" in page) == (409, True, True)
    assert Remark.objects.get().state == RemarkState.SETTLED


def test_who_has_left_says_nothing_after_all(cast: World, client: Client) -> None:
    remark = remarks.make(cast.arbeit, text="Bei uns auch.", by=cast.hedwig, at=AT, form_key=Notice().form_key)
    remarks.withdraw(remark, by=cast.hedwig, at=AT)
    own = f"{by_link(cast.hedwig, LinkPurpose.REMARK, cast.arbeit)}{remark.pk}/"
    Membership.objects.filter(person=cast.hedwig).update(until=dt.date(2026, 10, 31))

    assert client.post(own, {"was": "doch"}).status_code == 410
    assert Remark.objects.get().state == RemarkState.WITHDRAWN


# --- Pages of the bodies, and the buttons that lead there -------------------------------------------


def test_page_of_a_body_tells_of_the_others_and_what_runs(cast: World, march: Meeting) -> None:
    notices.release(waiting(cast), by=cast.imke, at=AT)
    arbeit, bildung = (text_of(signed_in(cast.susanne).get(f"/buendnisse/{slug}/")) for slug in ("arbeit", "bildung"))

    assert ["Neuer Kurs." in page for page in (arbeit, bildung)] == [True, False]
    assert "Nächste Sitzung: <a" in bildung
    assert "Dazu etwas sagen" not in text_of(signed_in(cast.theda).get("/buendnisse/bildung/"))
    assert "Bei den anderen" not in text_of(signed_in(cast.sven).get("/buendnisse/bildung/"))


@pytest.mark.parametrize("purpose", [LinkPurpose.NOTICE, LinkPurpose.REMARK])
def test_buttons_make_the_personal_link_for_members_only(cast: World, purpose: LinkPurpose) -> None:
    said = {"purpose": purpose, "number": cast.arbeit.pk if purpose == LinkPurpose.REMARK else 0}
    codes = [
        signed_in(person).post("/meine-seite/oeffnen/", said).status_code
        for person in (cast.susanne, cast.rolf, cast.corinna, cast.theda, cast.sven)
    ]

    assert codes == [302, 302, 404, 404, 404]
    assert AccessLink.objects.filter(purpose=purpose).count() == 2


def test_ended_alliance_has_no_button_that_works(cast: World) -> None:
    Alliance.objects.filter(pk=cast.arbeit.pk).update(valid_until=dt.date(2026, 10, 31))
    said = {"purpose": LinkPurpose.REMARK, "number": cast.arbeit.pk}

    assert signed_in(cast.hedwig).post("/meine-seite/oeffnen/", said).status_code == 404


def test_page_of_a_meeting_by_link_leads_to_a_notice(cast: World, march: Meeting, client: Client) -> None:
    own = links.grant(cast.hedwig, purpose=LinkPurpose.MEETING, subject=march, until=march.end, at=AT)
    answer = client.post(f"/sitzung/{links.token(own)}/", {"weiter": "kurzmeldung"})

    assert answer["Location"] == by_link(cast.hedwig, LinkPurpose.NOTICE)


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ("/buendnisse/", {"/kurzmeldungen/", "/rueckmeldungen/", "/planung/wege/"}),
        ("/buendnisse/arbeit/", {"/kurzmeldungen/", "/rueckmeldungen/", "/planung/wege/arbeit/"}),
        ("/kurzmeldungen/", {"/rueckmeldungen/"}),
        ("/rueckmeldungen/", {"/kurzmeldungen/"}),
    ],
)
def test_fachstelle_finds_its_lists_while_nothing_waits(cast: World, page: str, links: set[str]) -> None:
    shown, hidden = (signed_in(person).get(page).content.decode() for person in (cast.imke, cast.susanne))

    assert {link for link in links if f'href="{link}"' in shown} == links
    assert {link for link in links if f'href="{link}"' in hidden} == set()
