"""The board: who comes in, what each button does, and that it stays quick whatever lies on it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.enums import Via
from meetings.domain import agenda, agenda_fate, agenda_proposals
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory, DecisionFactory
from tests.meetings.march import fields
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def propose(cast: World, meeting: Meeting | None, title: str = "Thema") -> AgendaItem:
    return agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        title=title,
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=AT,
    )


def url(name: str, meeting: Meeting, *args: Any) -> str:
    return reverse(f"meetings:{name}", args=[meeting.slug, *args])


@pytest.fixture
def imke(client: Client, cast: World) -> Client:
    client.force_login(cast.imke)
    return client


@pytest.mark.parametrize("name", ["birgit", "theda", "lueder"])
def test_board_is_for_the_fachstelle(client: Client, cast: World, march: Meeting, name: str) -> None:
    client.force_login(getattr(cast, name))

    assert client.get(url("agenda", march)).status_code == 403


def test_board_asks_strangers_to_sign_in(client: Client, march: Meeting) -> None:
    assert client.get(url("agenda", march)).status_code == 302


@pytest.mark.parametrize("count", [1, 3, 40])
def test_board_needs_the_same_queries_whatever_lies_on_it(
    imke: Client, cast: World, march: Meeting, count: int, django_assert_num_queries: Any
) -> None:
    propose(cast, None, "Vorschlag")
    for number in range(count):
        propose(cast, march, f"Vorschlag {number}")
        propose(cast, None, f"Speicher {number}")
        agenda.accept(propose(cast, march, f"Punkt {number}"), by=cast.imke, at=AT)
        agenda.decline(propose(cast, march, f"Nein {number}"), reason="Voll.", by=cast.imke, at=AT)

    with django_assert_num_queries(15):
        page = imke.get(url("agenda", march)).content.decode()

    assert page.count('class="offer"') == count


def test_board_names_earlier_topics_beside_a_proposal(imke: Client, cast: World, march: Meeting) -> None:
    past = AgendaItemFactory(meeting__alliance=cast.arbeit, title="Elternlotsinnen an Grundschulen", state="discussed")
    decision = DecisionFactory(agenda_item=past)
    propose(cast, None, "Elternlotsen")
    item = propose(cast, march, "Grundschulen: Elternlotsen")
    AgendaItem.objects.filter(pk=item.pk).update(relates_to=past)

    page = imke.get(url("agenda", march)).content.decode()

    there = f'<a href="{reverse("meetings:decision", args=[decision.number])}">Elternlotsinnen an Grundschulen</a>'
    assert f"Gehört zu: {there} (Beschluss {decision.number}, 03.12.2026)" in page
    assert "Ähnlich: Elternlotsen (im Themenspeicher)" in page


def test_board_empty_says_what_would_bring_something(imke: Client, march: Meeting) -> None:
    page = imke.get(url("agenda", march)).content.decode()

    assert "Kein Vorschlag wartet." in page
    assert "Noch steht nichts auf der Tagesordnung." in page


def test_buttons_accept_order_and_take_back(imke: Client, cast: World, march: Meeting) -> None:
    one, two = propose(cast, march, "Eins"), propose(cast, march, "Zwei")
    for item in (one, two):
        imke.post(url("agenda_accept", march, item.pk))

    answer = imke.post(url("agenda_order", march), fields(march) | {"hoch": str(two.pk)})
    order = [item.title for item in march.agenda_items.on_agenda() if not item.standing_code]
    step = agenda_fate.last_step(one)
    assert step is not None
    imke.post(reverse("notifications:agenda_restore", args=[march.slug, one.pk]), {"step": step.pk})

    assert order == ["Zwei", "Eins"]
    assert answer["Location"] == url("agenda", march) + f"#punkt-{two.pk}"
    one.refresh_from_db()
    assert (one.state, one.position) == (AgendaItemState.PROPOSED, 0)


def test_put_off_needs_a_reason_and_keeps_the_choice(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)

    page = imke.post(url("agenda_put_off", march, item.pk), {"what": "decline", "reason": ""}).content.decode()

    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED
    assert "Wer das Thema vorgeschlagen hat, liest genau ihn." in page
    assert 'value="decline" checked' in page.replace(' required id="id_what_2"', "") or "checked" in page


def test_put_off_declines_with_the_reason(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)

    page = imke.post(
        url("agenda_put_off", march, item.pk), {"what": "decline", "reason": "Die Sitzung ist voll."}, follow=True
    ).content.decode()

    item.refresh_from_db()
    assert (item.state, item.reason) == (AgendaItemState.DECLINED, "Die Sitzung ist voll.")
    assert "Frau Overhage bekommt in einer Minute Ihren Satz." in page
    assert "Zurückholen" in page


def test_put_off_to_a_stelle_needs_the_stelle(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)
    wrong = imke.post(url("agenda_put_off", march, item.pk), {"what": "delegate", "reason": "Frau Hanneken ruft an."})
    imke.post(
        url("agenda_put_off", march, item.pk),
        {"what": "delegate", "reason": "Frau Hanneken ruft an.", "organisation": cast.birgit.organisation.pk},
    )

    item.refresh_from_db()
    assert "Bitte wählen Sie die Stelle aus" in wrong.content.decode()
    assert (item.state, item.delegated_to) == (AgendaItemState.DELEGATED, cast.birgit.organisation)


def test_put_off_to_the_themenspeicher(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)

    imke.post(url("agenda_put_off", march, item.pk), {"what": "backlog", "reason": "Im Juni ist mehr Zeit."})

    item.refresh_from_db()
    assert (item.state, item.meeting) == (AgendaItemState.BACKLOG, None)


def test_edit_shows_both_texts_where_somebody_was_faster(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)
    agenda.edit(item, version=1, by=cast.imke, at=AT, title="Von jemand anderem")
    words = {"version": 1, "title": "Von mir", "kind": "decision", "minutes": "20"}

    answer = imke.post(url("agenda_edit", march, item.pk), words)
    again = imke.post(url("agenda_edit", march, item.pk), words | {"version": 2})

    page = answer.content.decode()
    item.refresh_from_db()
    assert answer.status_code == 409
    assert ("Von jemand anderem" in page, "Von mir" in page, 'name="version" value="2"' in page) == (True, True, True)
    assert (again.status_code, item.title, item.version) == (302, "Von mir", 3)


def test_add_puts_a_topic_of_ones_own_on_the_agenda(imke: Client, cast: World, march: Meeting) -> None:
    words = {
        "form_key": str(uuid.uuid4()),
        "title": "Handlungskonzept",
        "kind": "discussion",
        "minutes": "25",
        "presenter": cast.birgit.pk,
    }

    for _tap in range(2):
        imke.post(url("agenda_add", march), words)

    item = AgendaItem.objects.get(standing_code="")
    assert (item.title, item.state, item.presenter) == ("Handlungskonzept", AgendaItemState.ACCEPTED, cast.birgit)


def test_item_of_another_alliance_is_not_found(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)
    AgendaItem.objects.filter(pk=item.pk).update(alliance=cast.bildung)

    assert imke.post(url("agenda_accept", march, item.pk)).status_code == 404


def test_a_get_never_acts(imke: Client, cast: World, march: Meeting) -> None:
    item = propose(cast, march)

    assert [imke.get(url(name, march, item.pk)).status_code for name in ("agenda_accept",)] == [405]


def test_pdf_of_a_draft_is_for_the_fachstelle(client: Client, cast: World, march: Meeting) -> None:
    agenda.accept(propose(cast, march), by=cast.imke, at=AT)
    client.force_login(cast.birgit)
    refused = client.get(url("agenda_pdf", march))
    client.force_login(cast.imke)

    answer = client.get(url("agenda_pdf", march))

    assert refused.status_code == 404
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == 'inline; filename="Tagesordnung-Arbeit-2027-03-11.pdf"'
