"""Members propose by a link: what they see, what is kept, what is refused."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import Change, Person
from meetings.domain import agenda, agenda_proposals
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

UNTIL = AT + dt.timedelta(days=200)
WORDS = {
    "title": "Begleitung zu Arztterminen",
    "description": "Wer fährt, wer haftet?",
    "kind": "discussion",
    "minutes": "",
    "wished_result": "",
}


def propose_url(person: Person, meeting: Meeting) -> str:
    link = links.grant(person, purpose=LinkPurpose.PROPOSE, subject=meeting, until=UNTIL, at=AT)
    return reverse("meetings:propose", args=[links.token(link)])


def own_url(item: AgendaItem, page: str = "own_item", person: Person | None = None) -> str:
    assert item.proposer is not None
    link = links.grant(person or item.proposer, purpose=LinkPurpose.ITEM, subject=item, until=UNTIL, at=AT)
    return reverse(f"meetings:{page}", args=[links.token(link)])


def item_of(cast: World, march: Meeting) -> AgendaItem:
    return agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=march,
        title="Schichtfahrgemeinschaften",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=AT,
    )


def test_propose_page_asks_three_things_and_changes_nothing(client: Client, cast: World, march: Meeting) -> None:
    page = client.get(propose_url(cast.susanne, march)).content.decode()

    assert page.count("<h1>") == 1
    assert "Bitte senden Sie Ihr Thema bis 18.\N{NO-BREAK SPACE}Februar." in page
    assert "Für welche Sitzung?" not in page
    assert (AgendaItem.objects.count(), Change.objects.count()) == (0, 0)


def test_propose_stores_the_topic_and_says_what_comes_next(client: Client, cast: World, march: Meeting) -> None:
    key = str(uuid.uuid4())
    url = propose_url(cast.susanne, march)

    answer = client.post(url, WORDS | {"form_key": key}, follow=True)
    client.post(url, WORDS | {"form_key": key})

    item = AgendaItem.objects.get()
    assert (item.title, item.proposer, item.meeting, item.state) == (
        "Begleitung zu Arztterminen",
        cast.susanne,
        march,
        AgendaItemState.PROPOSED,
    )
    assert item.submitted_via == Via.LINK
    assert "Danke für Ihr Thema" in answer.content.decode()


def test_propose_keeps_what_was_typed_where_a_field_is_missing(client: Client, cast: World, march: Meeting) -> None:
    page = client.post(
        propose_url(cast.susanne, march), WORDS | {"form_key": str(uuid.uuid4()), "title": "", "minutes": "viele"}
    ).content.decode()

    assert AgendaItem.objects.count() == 0
    assert "2 Angaben fehlen oder stimmen noch nicht" in page
    assert "Wer fährt, wer haftet?" in page
    assert 'value="viele"' in page
    assert "<details open>" in page
    assert "<title>Fehler: " in page


def test_propose_after_all_deadlines_says_that_it_is_kept(client: Client, cast: World, march: Meeting) -> None:
    Meeting.objects.filter(pk=march.pk).update(deadline_overrides={"late_papers": "2026-11-20"})

    page = client.post(propose_url(cast.susanne, march), WORDS | {"form_key": str(uuid.uuid4())}, follow=True)

    assert AgendaItem.objects.get().state == AgendaItemState.BACKLOG
    assert "Wir heben Ihr Thema für die Sitzung danach auf" in page.content.decode()


def test_propose_with_a_link_for_something_else_is_410(client: Client, cast: World, march: Meeting) -> None:
    link = links.grant(cast.susanne, purpose=LinkPurpose.ITEM, subject=march, until=UNTIL, at=AT)

    answer = client.get(reverse("meetings:propose", args=[links.token(link)]))

    assert answer.status_code == 410


def test_no_item_is_said_by_a_button_only(client: Client, cast: World, march: Meeting) -> None:
    url = propose_url(cast.susanne, march) + "kein-thema/"

    client.get(url)
    assert Change.objects.count() == 0
    answer = client.post(url)
    client.post(url)

    assert "Danke für Ihre Antwort" in answer.content.decode()
    change = Change.objects.get()
    assert (change.verb, change.by, change.subject_id) == (Happened.MEETING_NO_ITEM, cast.susanne, march.pk)


def test_own_item_can_be_changed_while_nobody_decided(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)

    answer = client.post(
        own_url(item), WORDS | {"form_key": str(item.form_key), "version": 1, "minutes": "25"}, follow=True
    )

    item.refresh_from_db()
    assert (item.title, item.duration_minutes, item.version) == ("Begleitung zu Arztterminen", 25, 2)
    assert "Ihr Thema ist geändert" in answer.content.decode()


def test_own_item_shows_both_texts_where_somebody_was_faster(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)
    agenda.edit(item, version=1, by=cast.imke, at=AT, title="Fahrgemeinschaften")

    answer = client.post(own_url(item), WORDS | {"form_key": str(item.form_key), "version": 1})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Fahrgemeinschaften" in page
    assert "Begleitung zu Arztterminen" in page
    assert 'name="version" value="2"' in page


def test_own_item_of_somebody_else_is_not_found(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)

    assert client.get(own_url(item, person=cast.hedwig)).status_code == 404


def test_own_item_is_read_only_after_a_decision(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)
    agenda.decline(item, reason="Die Sitzung ist voll.", by=cast.imke, at=AT)

    page = client.get(own_url(item)).content.decode()

    assert "Die Sitzung ist voll." in page
    assert "<textarea" not in page


def test_withdraw_and_propose_again(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)

    client.get(own_url(item, "withdraw"))
    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED
    page = client.post(own_url(item, "withdraw"), follow=True).content.decode()
    item.refresh_from_db()
    assert item.state == AgendaItemState.WITHDRAWN
    assert "Doch wieder vorschlagen" in page
    client.post(own_url(item, "propose_again"))

    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED


@pytest.mark.parametrize(
    ("name", "status"), [("birgit", 200), ("susanne", 200), ("hedwig", 403), ("theda", 403), ("corinna", 404)]
)
def test_signed_in_members_of_the_alliance_may_propose(
    client: Client, cast: World, march: Meeting, name: str, status: int
) -> None:
    Person.objects.update(may_sign_in=True)
    client.force_login(getattr(cast, name))

    assert client.get(reverse("meetings:propose_here", args=[march.slug])).status_code == status
