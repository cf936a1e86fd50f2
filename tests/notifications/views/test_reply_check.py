"""The question to whoever is said to have answered: kept, taken back, claimed after all, or overtaken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from meetings.domain import answers
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.models import InboundMessage
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import NOON, receive, reply
from tests.notifications.views.test_inbox import buttons, said, text
from tests.support import mail_programs
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> Iterator[None]:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER
    with clock.frozen(NOON + dt.timedelta(minutes=5)):
        yield


def page_of(cast: World, row: InboundMessage) -> str:
    until = NOON + dt.timedelta(days=90)
    return f"/rueckfrage/{links.token(links.grant(cast.susanne, purpose=LinkPurpose.REPLY, subject=row, until=until, at=NOON))}/"


def test_person_takes_back_an_answer_by_link(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    assert "Ist diese Antwort von Ihnen?" in text(client.get(page))
    assert said(invited, cast) == "kommt"

    client.post(page, {"antwort": "nein"})

    after = text(client.get(page))
    assert "Die Antwort ist zurückgenommen" in after
    assert (
        "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt keine Antwort von Ihnen eingetragen. "
        "Die Fachstelle weiß Bescheid." in after
    )
    assert "Jetzt antworten" in after
    assert said(invited, cast) == ""


def test_person_claims_after_all_what_they_took_back(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    client.post(page, {"antwort": "nein"})
    taken_back = client.get(page)
    assert "War die Antwort „zugesagt“ doch von Ihnen? Dann gilt sie wieder." in text(taken_back)
    assert "Jetzt antworten" in text(taken_back)

    client.post(page, {"antwort": "ja"})

    assert said(invited, cast) == "kommt"
    after = text(client.get(page))
    assert "ist jetzt eingetragen: zugesagt. Wenn das stimmt, müssen Sie nichts tun." in after
    assert "Doch, sie war von mir" not in after


def test_what_was_taken_back_is_offered_no_more_once_the_person_has_answered(
    invited: Meeting, cast: World, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    client.post(page, {"antwort": "nein"})
    own = Attendance.objects.select_related("meeting__alliance").get(meeting=invited, person=cast.susanne)
    answers.answer(own, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON)

    shown = text(client.get(page))

    assert "ist jetzt eingetragen: abgesagt." in shown
    assert "Doch, sie war von mir" not in shown


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.ACCEPTED])
def test_link_of_an_answer_the_person_said_otherwise_since_says_what_counts(
    invited: Meeting, cast: World, client: Client, answer: Answer
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    own = Attendance.objects.select_related("meeting__alliance").get(meeting=invited, person=cast.susanne)
    answers.answer(own, answer=answer, via=Via.LINK, by=cast.susanne, at=NOON)

    for shown in (client.get(page), client.post(page, {"antwort": "nein"})):
        found = text(shown)
        assert "Inzwischen gilt etwas anderes" in found
        now = "abgesagt" if answer == Answer.DECLINED else "zugesagt"
        assert f"ist jetzt eingetragen: {now}." in found
        assert "Sie gilt schon" not in found
        assert "Nein, bitte zurücknehmen" not in found


def test_answer_that_was_taken_back_is_not_offered_again(
    invited: Meeting, cast: World, desk: Client, client: Client
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    client.post(page_of(cast, row), {"antwort": "nein"})

    page = desk.get(f"/posteingang/{row.pk}/")
    assert "Die eingeladene Person hat gesagt, dass die Antwort nicht von ihr ist." in text(page)
    assert buttons(page)[0] == "Gelesen, nichts zu tun"


def test_person_keeps_an_answer_by_link(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)

    client.post(page, {"antwort": "ja"})
    late = client.post(page, {"antwort": "nein"})

    assert late.status_code == 200
    assert "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt eingetragen: zugesagt." in text(client.get(page))
    assert said(invited, cast) == "kommt"


def another(meeting: Meeting, cast: World, program: Any = mail_programs.nextcloud) -> InboundMessage:
    """A no, an hour newer than what came from elsewhere before."""
    stamp = mail_programs.STAMP + dt.timedelta(hours=1)
    return receive(program(reply(meeting, cast.susanne, partstat="DECLINED", stamp=stamp, number=2)))


def test_link_of_an_answer_another_came_after_asks_about_that(
    invited: Meeting, cast: World, desk: Client, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    newer = another(invited, cast)

    shown = client.get(page)
    assert (shown.context["row"], "Antwort abgesagt" in text(shown)) == (newer, True)
    client.post(page, {"antwort": "nein", "mail": newer.pk})

    assert "Die Antwort ist zurückgenommen" in text(client.get(page))
    assert said(invited, cast) == ""
    assert "Eine neuere Antwort gilt schon." in text(desk.get(f"/posteingang/{newer.pk - 1}/"))


def test_no_to_one_answer_is_none_to_another_that_came_meanwhile(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    another(invited, cast)

    seen = client.post(page, {"antwort": "nein", "mail": row.pk})

    assert "Inzwischen kam eine weitere Antwort. Bitte prüfen Sie diese." in text(seen)
    assert said(invited, cast) == "kommt nicht"


def test_link_of_an_answer_a_proven_one_came_after_says_what_counts(
    invited: Meeting, cast: World, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    another(invited, cast, mail_programs.outlook)

    shown = text(client.get(page))

    assert "Inzwischen gilt etwas anderes" in shown
    assert "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt eingetragen: abgesagt." in shown
    client.post(page, {"antwort": "nein"})
    assert said(invited, cast) == "kommt nicht"


def test_link_of_another_person_opens_nothing(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    InboundMessage.objects.update(person=cast.birgit)
    assert client.get(page_of(cast, row)).status_code == 410
