"""A vote by mail from the wish to its number in the register: the Fachstelle at its desk, members on a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.enums import CircularState
from meetings.models import AgendaItem, CircularVote
from notifications.domain import votes
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, keep_picture
from tests.world import World


@pytest.fixture
def cast(transactional_db: None) -> World:
    return world.build()


def address(person: Person, vote: CircularVote) -> str:
    at = clock.real_now()
    link = links.grant(person, purpose=LinkPurpose.BALLOT, subject=vote, until=vote.ends_at, at=at)
    return f"/abstimmen/{links.token(link)}/"


def begin(open_page: OpenPage, cast: World) -> CircularVote:
    desk = open_page(javascript=False, person=cast.imke)
    desk.goto("/abstimmungen/neu/")
    assert_accessible(desk)
    desk.get_by_label("Bündnis", exact=True).select_option(label="Arbeitsbündnis Arbeit")
    desk.get_by_role("button", name="Weiter").click()
    desk.get_by_label("Worum geht es?").fill("Rufbus am Abend")
    desk.get_by_label("Worüber wird abgestimmt?").fill("Das Bündnis bittet den Landkreis um den Rufbus am Abend.")
    assert_accessible(desk)
    keep_picture(desk, "vote-new")
    desk.get_by_role("button", name="Weiter: ansehen, wer gefragt wird").click()
    desk.get_by_role("heading", name="Abstimmung eröffnen").wait_for()
    keep_picture(desk, "vote-open")
    desk.get_by_role("button", name="Abstimmung eröffnen").click()
    desk.get_by_text("Die Mails gehen in einer Minute hinaus").wait_for()
    assert_accessible(desk)
    keep_picture(desk, "vote-running")
    return CircularVote.objects.get()


def end(vote: CircularVote) -> None:
    """Everybody's mail has left, and the last day is over."""
    vote.refresh_from_db()
    votes.close_due(at=vote.ends_at)
    vote.refresh_from_db()


def sent(vote: CircularVote) -> None:
    for ballot in vote.ballots.select_related("person"):
        OutboxMessage.objects.create(
            kind="ballot",
            person=ballot.person,
            occasion=f"ballot:{vote.pk}",
            matter=votes.matter(vote.pk),
            state=OutboxState.SENT,
            created_at=clock.real_now(),
            not_before=clock.real_now(),
        )


def test_vote_that_comes_about(browser_page: OpenPage, cast: World) -> None:
    vote = begin(browser_page, cast)
    sent(vote)

    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, vote))
    assert_accessible(phone)
    keep_picture(phone, "ballot")
    phone.get_by_role("button", name="Stimme abgeben").click()
    phone.get_by_role("alert").wait_for()
    assert_accessible(phone)
    phone.get_by_role("group", name="1. Dürfen wir").get_by_label("Ja").check()
    phone.get_by_role("group", name="2. Stimmen Sie").get_by_label("Ja").check()
    phone.get_by_role("button", name="Stimme abgeben").click()
    phone.get_by_role("heading", name="Danke für Ihre Stimme").wait_for()
    assert_accessible(phone)
    keep_picture(phone, "ballot-thanks")
    end(vote)
    phone.reload()
    phone.get_by_text("Angenommen.").wait_for()
    assert_accessible(phone)
    keep_picture(phone, "ballot-over")

    desk = browser_page(javascript=False, person=cast.imke)
    desk.goto("/beschluesse/")
    desk.get_by_role("link", name=vote.number).click()
    desk.get_by_text("1 ja, 0 nein, 0 Enthaltungen").wait_for()
    assert vote.state == CircularState.ADOPTED


def test_vote_that_goes_to_the_meeting(browser_page: OpenPage, cast: World) -> None:
    vote = begin(browser_page, cast)
    sent(vote)

    desk = browser_page(width=PHONE, person=cast.imke)
    desk.goto(f"/abstimmungen/{vote.number}/stimme/{vote.ballots.get(person=cast.rolf).pk}/")
    assert_accessible(desk)
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.birgit, vote))
    phone.get_by_label("Nein, ich bin gegen das Verfahren").check()
    phone.get_by_role("button", name="Stimme abgeben").click()
    phone.get_by_text("In einer Stunde endet die Abstimmung für alle.").wait_for()
    keep_picture(phone, "ballot-objected")
    votes.close_due(at=clock.real_now() + dt.timedelta(hours=1, minutes=1))

    desk = browser_page(person=cast.imke)
    desk.goto("/abstimmungen/")
    assert_accessible(desk)
    desk.goto(f"/abstimmungen/{vote.number}/")
    desk.get_by_text("Nicht zustande gekommen.").first.wait_for()
    assert_accessible(desk)
    keep_picture(desk, "vote-lapsed")
    assert AgendaItem.objects.get().title == "Rufbus am Abend"
