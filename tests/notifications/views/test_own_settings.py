"""Meine Angaben: a person's own wishes, and another address that counts once its mail was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import addresses, mail_wishes, people
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AddressWish, Person
from meetings.domain import reminder_rules
from meetings.models import ReminderRules
from notifications.domain import render, unwanted, urls_for
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.notifications import snapshots
from tests.notifications.sending import deliver
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def page(person: Person, purpose: LinkPurpose = LinkPurpose.SETTINGS, **given: Any) -> str:
    return urls_for.personal(person, purpose=purpose, at=AT, **given).removeprefix(urls_for.absolute(""))


def post(client: Client, path: str, **data: str) -> Any:
    with clock.frozen(AT):
        return client.post(path, data)


def test_salutation_and_large_type_are_the_persons_own_and_can_be_taken_back(client: Client, cast: World) -> None:
    before = cast.hedwig.salutation
    with clock.frozen(AT):
        answer = client.post(
            page(cast.hedwig), {"rhythm": "weekly", "salutation": "neutral", "large_type": "on"}, follow=True
        )
        assert '<html lang="de" class="large">' in answer.content.decode()
        cast.hedwig.refresh_from_db()
        assert (cast.hedwig.salutation, cast.hedwig.large_type) == ("neutral", True)
        client.post(f"{page(cast.hedwig)}rueckgaengig/")
    cast.hedwig.refresh_from_db()
    assert (cast.hedwig.salutation, cast.hedwig.large_type) == (before, False)


def test_large_letters_in_mail(cast: World) -> None:
    sizes = []
    for large in (False, True):
        cast.hedwig.large_type = large
        message = OutboxMessage(kind=MailKind.CODE, person=cast.hedwig, created_at=AT)
        message.data = {"code": "1", "valid_until": (AT + dt.timedelta(hours=1)).isoformat()}
        sizes.append("font-size: 22px" in render.render(message, at=AT).html)

    assert sizes == [False, True]


def test_another_address_counts_once_its_mail_was_answered(client: Client, cast: World, relay: smtp_sink.Sink) -> None:
    before = cast.hedwig.email
    post(client, f"{page(cast.hedwig)}adresse/", email="erste@verein.example")
    first = AddressWish.objects.get()
    post(client, f"{page(cast.hedwig)}adresse/", email="neu@verein.example")
    mail = deliver(relay, at=AT)

    assert set(mail) == {"neu@verein.example"}
    assert "einstellungen/" not in mail["neu@verein.example"].get_body(("plain",)).get_content()
    old = page(cast.hedwig, LinkPurpose.ADDRESS, subject=first)
    assert "nicht mehr gebraucht" in post(client, old).content.decode()
    link = page(cast.hedwig, LinkPurpose.ADDRESS, subject=AddressWish.objects.get())
    with clock.frozen(AT):
        assert client.get(link).status_code == 200
    cast.hedwig.refresh_from_db()
    assert cast.hedwig.email == before
    assert "Ihre neue Adresse gilt" in post(client, link).content.decode()
    cast.hedwig.refresh_from_db()
    assert cast.hedwig.email == "neu@verein.example"
    told = deliver(relay, at=AT + dt.timedelta(minutes=2))
    assert set(told) == {before}
    text = told[before].get_body(("plain",)).get_content()
    snapshots.check("address_changed", f"{told[before]['Subject']}\n\n{text}".replace("\r\n", "\n"))
    assert all(word not in text for word in ("einstellungen/", "neu@verein.example"))


def test_a_second_wish_does_not_keep_the_address_of_before_from_being_told(
    client: Client, cast: World, relay: smtp_sink.Sink
) -> None:
    before = cast.hedwig.email
    first = addresses.wish(cast.hedwig, email="fremd@verein.example", at=AT)
    addresses.confirm(first, at=AT)
    cast.hedwig.refresh_from_db()
    addresses.wish(cast.hedwig, email="noch-eine@verein.example", at=AT)
    people.edit(cast.hedwig, facts={"email": "amt@verein.example"}, version=2, by=cast.imke, at=AT)

    assert before in deliver(relay, at=AT + dt.timedelta(minutes=2))
    assert (
        "nicht mehr gebraucht" in post(client, page(cast.hedwig, LinkPurpose.ADDRESS, subject=first)).content.decode()
    )


def test_the_form_of_the_fachstelle_does_not_undo_a_choice_made_meanwhile(cast: World) -> None:
    opened = {name: getattr(cast.hedwig, name) for name in people.FACTS} | {"phone": "00000 9"}
    version = cast.hedwig.version
    wishes = replace(mail_wishes.wishes_of(cast.hedwig), salutation="neutral", mail_format="text")
    mail_wishes.choose(cast.hedwig, wishes, at=AT)

    with pytest.raises(people.StalePerson):
        people.edit(cast.hedwig, facts=opened, version=version, by=cast.imke, at=AT)
    people.edit(cast.hedwig, facts={"phone": "00000 9"}, version=cast.hedwig.version, by=cast.imke, at=AT)
    assert (cast.hedwig.salutation, cast.hedwig.mail_format) == ("neutral", "text")


def test_a_link_alone_does_not_move_who_signs_in(client: Client, cast: World) -> None:
    """A mail that was passed on would else hand the account over with it."""
    before, settings = cast.birgit.email, page(cast.birgit)
    assert "email" not in client.get(settings).content.decode().partition('id="adresse"')[2].partition("</section>")[0]
    refused = post(client, f"{settings}adresse/", email="neu@verein.example").context["address_form"]
    assert "melden Sie sich auch an" in refused.errors["email"][0]
    assert not AddressWish.objects.exists()

    wish = addresses.wish(cast.birgit, email="neu@verein.example", at=AT, via=Via.WEB)
    link = page(cast.birgit, LinkPurpose.ADDRESS, subject=wish)
    assert "melden Sie sich auch an" in post(client, link).content.decode()
    client.force_login(cast.imke, backend="notifications.adapters.SignInBackend")
    assert "melden Sie sich auch an" in post(client, link).content.decode()
    cast.birgit.refresh_from_db()
    assert cast.birgit.email == before
    client.force_login(cast.birgit, backend="notifications.adapters.SignInBackend")
    assert "Ihre neue Adresse gilt" in post(client, link).content.decode()
    cast.birgit.refresh_from_db()
    assert (cast.birgit.email, cast.birgit.address_confirmed_at) == ("neu@verein.example", AT)


@pytest.mark.parametrize("way", ["change", "edit"])
def test_an_address_entered_otherwise_ends_what_was_wished_for(client: Client, cast: World, way: str) -> None:
    wish = addresses.wish(cast.hedwig, email="neu@verein.example", at=AT)
    link, email = page(cast.hedwig, LinkPurpose.ADDRESS, subject=wish), "amt@verein.example"
    if way == "change":
        addresses.change(cast.hedwig, email=email, version=1, by=cast.imke, at=AT)
    else:
        people.edit(cast.hedwig, facts={"email": email}, version=1, by=cast.imke, at=AT)

    assert "nicht mehr gebraucht" in post(client, link).content.decode()
    cast.hedwig.refresh_from_db()
    assert cast.hedwig.email == email


def test_who_reads_the_new_mailbox_too_is_on_record(cast: World) -> None:
    addresses.change(cast.hedwig, email=cast.susanne.email.upper(), version=1, by=cast.imke, at=AT)
    assert set(cast.hedwig.shared_mailboxes.get().people.all()) == {cast.hedwig, cast.susanne}


def test_refused_with_a_clear_sentence_and_nothing_lost(client: Client, cast: World) -> None:
    client.force_login(cast.birgit, backend="notifications.adapters.SignInBackend")
    said = []
    for email in ("hedwig@", cast.birgit.email, cast.imke.email):
        form = post(client, f"{page(cast.birgit)}adresse/", email=email).context["address_form"]
        assert form["email"].value() == email
        said.append(form.errors["email"][0])

    assert said[1:] == ["Diese Adresse haben wir schon.", "Mit dieser Adresse meldet sich schon jemand anders an."]
    assert not AddressWish.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Erinnerungen schicken wir zurzeit keine."),
        (1, "Mehr als eine Erinnerung im Vierteljahr bekommen Sie nie."),
        (4, "Mehr als vier Erinnerungen im Vierteljahr bekommen Sie nie."),
    ],
)
def test_how_many_reminders_come_at_most_is_what_the_fachstelle_chose(
    client: Client, cast: World, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    monkeypatch.setattr(reminder_rules, "_kept", (float("inf"), ReminderRules(pk=1, per_quarter=number)))
    assert said in client.get(page(cast.hedwig)).content.decode()


@pytest.mark.parametrize(("day", "is_quiet"), [(dt.date(2026, 12, 28), True), (dt.date(2027, 1, 20), False)])
def test_no_reminder_in_the_holidays_for_who_wants_none(cast: World, day: dt.date, is_quiet: bool) -> None:
    at = clock.automatic_mail_time(day)
    for kind, holds in ((MailKind.TASK_REMINDER, is_quiet), (MailKind.INVITATION, False)):
        message = OutboxMessage(kind=kind, person=cast.hedwig)
        assert unwanted.why(message, at=at) == ""
        cast.hedwig.quiet_in_holidays = True
        assert bool(unwanted.why(message, at=at)) is holds
        cast.hedwig.quiet_in_holidays = False
