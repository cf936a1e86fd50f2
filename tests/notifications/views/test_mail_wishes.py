"""Choosing one's mail by link: a GET changes nothing, a POST counts at once, and every choice has a way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import mail_wishes
from buendnisse.enums import LinkPurpose, MailTopic
from buendnisse.models import Change, Person
from notifications.domain import urls_for
from tests.factories.buendnisse import MembershipFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

ALL = [str(topic) for topic in MailTopic]


def address(person: Person, purpose: LinkPurpose = LinkPurpose.SETTINGS) -> str:
    return urls_for.personal(person, purpose=purpose, at=clock.now()).removeprefix(urls_for.absolute(""))


def wishes(person: Person) -> mail_wishes.Wishes:
    return mail_wishes.wishes_of(Person.objects.get(pk=person.pk))


def test_choosing_says_what_counts_and_goes_back(cast: World, client: Client) -> None:
    before = wishes(cast.birgit)
    with clock.frozen(AT):
        path = address(cast.birgit)
        client.get(path)
        client.head(path)
        assert Change.objects.of(cast.birgit).count() == 0
        posted = {"rhythm": "monthly", "topics": ["calls", "late_papers", "own_topics", "results"], "text_only": "on"}
        page = client.post(path, posted, follow=True)

        text = page.content.decode()
        assert "Den Brief mit Neuigkeiten bekommen Sie einmal im Monat." in text
        assert "Diese E-Mails schicken wir Ihnen nicht: Erinnerungen, wenn eine Antwort fehlt; Protokolle." in text
        chosen = mail_wishes.Wishes(
            "monthly", "text", gets_papers=False, quiet_topics=("reminders", "minutes"), salutation="frau"
        )
        assert wishes(cast.birgit) == chosen
        back = client.post(f"{path}rueckgaengig/", follow=True)
        assert "Rückgängig gemacht. Es gilt wieder, was vorher galt." in back.content.decode()
        assert wishes(cast.birgit) == before
        again = client.post(f"{path}rueckgaengig/", follow=True)
        assert "Das wurde inzwischen geändert." in again.content.decode()


@pytest.mark.parametrize(
    "posted", [{}, {"rhythm": "daily"}, {"rhythm": "weekly", "topics": ["x"]}, {"rhythm": "weekly", "bodies": ["x"]}]
)
def test_nonsense_changes_nothing_and_keeps_what_was_ticked(
    cast: World, client: Client, posted: dict[str, Any]
) -> None:
    MembershipFactory(person=cast.birgit, body=cast.bildung, organisation=cast.birgit.organisation)
    page = client.post(address(cast.birgit), posted | {"papers": "on"})

    assert (page.status_code, Change.objects.of(cast.birgit).count()) == (200, 0)
    assert page.context["form"].errors
    assert page.context["form"]["papers"].value() is True


def test_only_own_bodies_and_only_from_the_second_on(cast: World, client: Client) -> None:
    path = address(cast.birgit)
    assert "bodies" not in client.get(path).context["form"].fields
    MembershipFactory(person=cast.birgit, body=cast.bildung, organisation=cast.birgit.organisation)

    client.post(path, {"rhythm": "weekly", "topics": ALL, "bodies": [cast.arbeit.pk, cast.gesellschaft.pk]})
    assert wishes(cast.birgit).quiet_bodies == ()
    client.post(path, {"rhythm": "weekly", "topics": ALL, "bodies": [cast.arbeit.pk]})
    assert wishes(cast.birgit).quiet_bodies == (cast.bildung.pk,)


def test_one_click_ends_the_letter_and_a_button_brings_it_back(cast: World) -> None:
    """RFC 8058: a POST without cookies or CSRF token, with its own body."""
    program, person = Client(enforce_csrf_checks=True), cast.birgit
    path = address(person, LinkPurpose.UNSUBSCRIBE)
    assert "Möchten Sie den Brief mit Neuigkeiten abbestellen?" in program.get(path).content.decode()
    assert wishes(person).digest == "weekly"

    program.post(path, {"List-Unsubscribe": "One-Click"})
    program.post(path, {"List-Unsubscribe": "One-Click"})
    assert wishes(person).digest == "never"
    assert "Doch weiter schicken" in program.get(path).content.decode()
    page = Client().post(path, {"wieder": "1"})
    assert ("Der Brief kommt wieder" in page.content.decode(), wishes(person).digest) == (True, "weekly")


@pytest.mark.parametrize(
    ("quiet", "said"),
    [
        ([], "Einladungen, Absagen und Protokolle kommen weiter."),
        (["minutes"], "Einladungen und Absagen kommen weiter."),
    ],
)
def test_unsubscribing_promises_no_minutes_to_who_has_none(
    cast: World, client: Client, quiet: list[str], said: str
) -> None:
    Person.objects.filter(pk=cast.birgit.pk).update(quiet_topics=quiet)
    path = address(cast.birgit, LinkPurpose.UNSUBSCRIBE)

    assert said in client.get(path).content.decode()
    assert said in client.post(path).content.decode()


def test_what_is_quiet_brings_no_news_in_the_letter_either(cast: World) -> None:
    cast.birgit.quiet_bodies = [cast.arbeit.pk]
    said = "Nur das Nötigste bekommen Sie aus: Arbeitsbündnis Arbeit."

    assert mail_wishes.in_words(cast.birgit, bodies=[cast.arbeit]) == [
        "Den Brief mit Neuigkeiten bekommen Sie jede Woche, am Montag.",
        f"{said} Im Brief steht von dort nichts Neues.",
    ]
    cast.birgit.digest = "never"
    assert mail_wishes.in_words(cast.birgit, bodies=[cast.arbeit])[1] == said


def test_link_in_the_letter_presets_once_a_month(cast: World, client: Client) -> None:
    path = address(cast.birgit)

    assert client.get(f"{path}?brief=monthly").context["form"]["rhythm"].value() == "monthly"
    assert client.get(f"{path}?brief=x").context["form"]["rhythm"].value() == "weekly"
    assert wishes(cast.birgit).digest == "weekly"


def test_meine_seite_says_it_and_leads_there(cast: World, client: Client) -> None:
    client.force_login(cast.birgit, backend="notifications.adapters.SignInBackend")
    Person.objects.filter(pk=cast.birgit.pk).update(quiet_topics=["minutes"], quiet_bodies=[cast.arbeit.pk])
    text = client.get("/").content.decode()

    assert "Diese E-Mails schicken wir Ihnen nicht: Protokolle." in text
    assert "Nur das Nötigste bekommen Sie aus: Arbeitsbündnis Arbeit." in text
    there = client.post("/meine-seite/oeffnen/", {"purpose": "settings", "number": "0"})
    assert there.headers["Location"].removeprefix(urls_for.absolute("")).startswith("/einstellungen/")
