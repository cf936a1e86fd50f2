"""The end of a calendar's address, and the ways back: by its own button, by mail, by the Fachstelle."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import link_requests
from buendnisse.models import AccessLink, Change
from notifications.domain import feeds, urls_for
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.notifications.views.test_calendar import address, at_nine, link_of, meetings, page
from tests.support import smtp_sink
from tests.world import AT, World

__all__ = ["at_nine", "meetings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

MINUTE = dt.timedelta(minutes=1)
BACK, BY_MAIL = "Doch wieder einschalten", "Neuen Link an meine Adresse senden"


def end(client: Client, own: str) -> Any:
    return client.post(own, {"do": "end"}, follow=True)


def offers(response: Any) -> tuple[int, str, list[str]]:
    """Status, heading, and which ways back the page has."""
    text = response.content.decode()
    [heading] = re.findall("<h1>(.*?)</h1>", text)
    return response.status_code, html.unescape(heading), [way for way in (BACK, BY_MAIL) if way in text]


def test_end_is_taken_back_where_it_was_pressed_and_the_address_stays(client: Client, cast: World) -> None:
    own, url = page(cast.susanne), address(cast.susanne)
    ended = end(client, own)
    assert offers(ended) == (410, "Ihr Abo ist beendet", [BACK])
    assert client.get(url).status_code == 410

    back = client.post(own, {"zurueck": ended.context["zurueck"]})

    assert (back["Location"], client.get(url).status_code) == (own, 200)
    assert [str(one) for one in client.get(own).context["messages"]] == [
        "Ihr Abo ist wieder eingeschaltet. Die Adresse ist dieselbe wie vorher."
    ]
    verbs = Change.objects.of(link_of(cast.susanne)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["link.ended", "link.end_taken_back"]


def test_whoever_only_knows_the_address_can_have_a_link_mailed_and_switch_nothing_on(
    client: Client, cast: World
) -> None:
    own, link = page(cast.susanne), link_of(cast.susanne)
    end(client, own)
    stranger = Client()

    seen = stranger.get(own)
    assert offers(seen) == (410, "Ihr Abo ist beendet", [BY_MAIL])
    signed = seen.context["signed"]
    assert offers(stranger.post(own, {"zurueck": signed})) == (410, "Ihr Abo ist beendet", [BY_MAIL])
    assert offers(stranger.get(f"{own}?zurueck={signed}")) == (410, "Ihr Abo ist beendet", [BY_MAIL])
    stranger.post("/neuer-link/", {"link": signed})

    link.refresh_from_db()
    assert (link.generation, link.revoked_at, link.expires_at) == (3, None, AT + urls_for.FEED_FOR)
    assert Change.objects.filter(verb="link.requested").count() == 1


def test_end_is_not_taken_back_once_another_link_was_given_out(client: Client, cast: World) -> None:
    own = page(cast.susanne)
    signed = end(client, own).context["zurueck"]
    assert page(cast.susanne) != own  # a later mail brings another

    refused = client.post(own, {"zurueck": signed})

    assert offers(refused) == (410, "Diese Adresse gilt nicht mehr", [])
    assert [str(one) for one in refused.context["messages"]] == ["Das Abo lässt sich nicht mehr so wieder einschalten."]
    assert client.get(page(cast.susanne)).status_code == 200


def test_renewed_address_says_so_and_offers_nothing_to_who_holds_the_old_one(client: Client, cast: World) -> None:
    own = page(cast.susanne)
    feeds.renew(link_of(cast.susanne), at=AT)

    response = client.get(own)
    assert offers(response) == (410, "Diese Adresse gilt nicht mehr", [])
    assert "Ihr Kalender hat eine neue Adresse." in response.content.decode()


def test_calendar_that_ended_since_its_mail_went_astray_does_not_come_back_by_itself(
    client: Client, cast: World
) -> None:
    own = page(cast.susanne)
    signed = end(client, own).context["zurueck"]
    link_requests.revoke_all(cast.susanne, at=AT)

    assert offers(client.get(f"{own}?zurueck={signed}")) == (410, "Diese Adresse gilt nicht mehr", [])
    assert client.post(own, {"zurueck": signed}).status_code == 410
    assert AccessLink.objects.get(person=cast.susanne).revoked_at == AT


def test_token_that_never_opened_a_calendar_finds_the_usual_page(client: Client) -> None:
    assert offers(client.get("/kalender/ae-0123456789abcdefghij/")) == (410, "Dieser Link gilt nicht mehr", [])


def test_renewing_is_asked_about_first(client: Client, cast: World) -> None:
    text = client.get(page(cast.susanne)).content.decode()

    fold = text.partition("<summary>Adresse erneuern</summary>")[2].partition("</details>")[0]
    assert ('value="renew"' in fold, text.count('value="renew"'), "lässt sich nicht zurücknehmen" in fold) == (
        True,
        1,
        True,
    )


def test_fachstelle_sends_the_link_to_the_calendar_after_its_end(
    desk: Client, cast: World, relay: smtp_sink.Sink
) -> None:
    end(desk, page(cast.susanne))
    own = f"/verwaltung/personen/{cast.susanne.pk}/"
    assert "Beendet am 23.11.2026." in desk.get(own).content.decode()

    said = desk.post(f"{own}kalender/senden/", follow=True)
    mail = sending.deliver(relay, at=AT + 2 * MINUTE)[cast.susanne.email]

    [message] = said.context["messages"]
    assert str(message).startswith(f"Der Link zum Abo geht in 60 Sekunden an {cast.susanne.full_name}. So lange")
    assert (mail["Subject"], page(cast.susanne) in sending.text(mail)) == ("Ihr Link", True)
    assert OutboxMessage.objects.get().kind == MailKind.LINK
    [change] = Change.objects.filter(verb="link.sent")
    assert (change.by, "Der Link zum Abo gilt." in desk.get(own).content.decode()) == (cast.imke, True)
    with clock.frozen(AT + 3 * MINUTE):
        assert desk.get(page(cast.susanne)).status_code == 200


def test_whom_no_mail_reaches_is_sent_no_link(desk: Client, cast: World) -> None:
    cast.susanne.failed_address = cast.susanne.email
    cast.susanne.save()

    desk.post(f"/verwaltung/personen/{cast.susanne.pk}/kalender/senden/")

    assert AccessLink.objects.filter(person=cast.susanne).count() == 0


def test_fachstelle_keeps_the_way_through_the_program(desk: Client, cast: World) -> None:
    own, member = page(cast.imke), page(cast.susanne)

    ways = ['aria-label="Hauptmenü"', "Diese Mail war nicht für mich"]
    seen = [
        [way in who.get(path).content.decode() for way in ways]
        for who, path in ((desk, own), (Client(), own), (desk, member))
    ]
    assert seen == [[True, False], [False, True], [False, True]]
    assert [way in end(desk, own).content.decode() for way in ways] == [True, False]
