"""What the Fachstelle sees of mail that came back, and what its buttons do."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from buendnisse import clock
from buendnisse.config import env
from buendnisse.models import FurtherAddress, Person
from meetings.models import Meeting
from notifications.domain import desk_post, outbox, returned
from notifications.domain.desk_line import Line
from notifications.enums import MailKind, OutboxState, ReturnKind
from notifications.models import MailboxState, MailReturn, OutboxMessage
from tests.notifications.domain.test_bounces import again, come_back, sent_to
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/postausgang/zurueckgekommen/"


def words(response: Any) -> str:
    """The page as it reads."""
    return " ".join(unescape(strip_tags(response.content.decode())).split())


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + dt.timedelta(minutes=10))


@pytest.fixture
def row(invited: Meeting, cast: World) -> MailReturn:
    """Susanne's invitation came back, and another mail waits for her address."""
    Person.objects.filter(pk=cast.susanne.pk).update(phone="00000 4105")
    found = come_back(sent_to(cast.susanne))
    assert found is not None
    outbox.write(kind=MailKind.MINUTES, person=again(cast.susanne), occasion="minutes:1", at=AT)
    return found


def post(desk: Client, row: MailReturn, **data: Any) -> str:
    return words(desk.post(f"{PAGE}{row.pk}/", data, follow=True))


def lines(found: Any) -> list[tuple[str, str, str]]:
    return [(str(line.title), str(line.why), str(line.action)) for line in found]


def test_page_says_whom_to_call_and_what_waits(desk: Client, row: MailReturn) -> None:
    said = words(desk.get(PAGE))

    assert "Susanne Overhage, BBS" in said
    assert "Adresse nimmt keine Mail an (5.1.1)" in said
    assert "Eine Mail wartet." in said
    assert "Telefon 00000 4105" in said


def test_list_of_people_the_outbox_and_the_mail_say_so_too(desk: Client, row: MailReturn) -> None:
    assert "Mails kommen zurück" in words(desk.get("/verwaltung/personen/?q=Overhage"))
    assert f'href="{PAGE}"' in desk.get("/postausgang/").content.decode()
    mail = words(desk.get(f"/postausgang/{row.message_id}/"))
    assert "Kam zurück, Adresse nimmt keine Mail an: 550 5.1.1 no" in mail
    assert "Was dazu zurückkam" in mail


def test_desk_has_a_line_with_what_to_do(row: MailReturn, cast: World) -> None:
    assert lines(desk_post.returned_mail()) == [
        (
            "Mails an Susanne Overhage kommen zurück",
            f"Die Adresse {cast.susanne.email} nimmt keine Mail an. 1 Mail wartet.",
            "Adresse prüfen",
        )
    ]
    assert lines(desk_post.failed()) == []  # it is one matter and one line


def test_desk_says_in_german_what_did_not_arrive(invited: Meeting, cast: World) -> None:
    row = come_back(sent_to(cast.susanne), status="5.7.26")
    assert row is not None
    returned.see(row, by=cast.imke, at=AT)

    assert lines(desk_post.failed()) == [
        ("1 Mail kam nicht an", "Susanne Overhage: Kam zurück, vom Mailserver abgewiesen.", "Postausgang ansehen")
    ]


def test_address_that_holds_again_lets_everything_go(desk: Client, row: MailReturn, cast: World) -> None:
    assert "Die Adresse gilt. 2 Mails gehen jetzt hinaus." in post(desk, row, do="holds")
    assert again(cast.susanne).gets_mail
    page = words(desk.get(PAGE))
    assert "Zurzeit ist nichts zu klären. Erledigt" in page
    assert "Keine Mail kam zurück" not in page
    assert "Adresse gilt wieder, Imke Albers" in page


def test_new_address_is_entered_on_the_spot(desk: Client, row: MailReturn, cast: World) -> None:
    version = again(cast.susanne).version
    said = post(desk, row, do="correct", email="neu@bbs.example", version=version)

    assert "Die Adresse gilt. 2 Mails gehen jetzt hinaus." in said
    assert again(cast.susanne).email == "neu@bbs.example"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Bitte tragen Sie die neue Adresse ein."),
        ("s.overhage", "Bitte prüfen Sie die Adresse. Sie sieht aus wie name@firma.de."),
    ],
)
def test_what_is_no_address_is_said_beside_the_field_and_kept(
    desk: Client, row: MailReturn, typed: str, told: str
) -> None:
    answer = desk.post(f"{PAGE}{row.pk}/", {"do": "correct", "email": typed, "version": 1})

    assert told in words(answer)
    assert f'value="{typed}"' in answer.content.decode()


def test_somebody_elses_address_and_a_stale_page_are_refused(desk: Client, row: MailReturn, cast: World) -> None:
    stale = desk.post(f"{PAGE}{row.pk}/", {"do": "correct", "email": "neu@bbs.example", "version": 99})
    assert (stale.status_code, "Jemand hat diese Person gerade geändert." in words(stale)) == (409, True)
    assert 'value="neu@bbs.example"' in stale.content.decode()

    Person.objects.filter(pk=cast.susanne.pk).update(may_sign_in=True)
    version = again(cast.susanne).version
    assert "Mit dieser Adresse meldet sich schon jemand anders an." in post(
        desk, row, do="correct", email=cast.imke.email, version=version
    )


def test_nonsense_changes_nothing(desk: Client, row: MailReturn, cast: World) -> None:
    assert "Das haben wir nicht verstanden." in post(desk, row, do="alles")
    assert desk.post(f"{PAGE}99999/", {"do": "holds"}).status_code == 404
    assert again(cast.susanne).mail_comes_back


def test_refusal_is_passed_on_to_the_it_once(desk: Client, invited: Meeting, cast: World) -> None:
    row = come_back(sent_to(cast.susanne), status="5.7.26")
    assert row is not None
    domain = cast.susanne.email.partition("@")[2]
    assert f"{domain}: eine Mail abgewiesen" in words(desk.get(PAGE))
    assert lines(desk_post.returned_mail())[0][0] == f"{domain} weist unsere Mails ab"

    assert "Erledigt." in post(desk, row, do="seen")
    assert "Das hat gerade schon jemand erledigt." in post(desk, row, do="seen")


def test_copies_go_again(desk: Client, cast: World) -> None:
    address = FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@bbs.example", gets_copy=True)
    message = outbox.write(kind=MailKind.COPY, person=cast.susanne, occasion="copy:1", at=AT, copy_to=address)
    assert message is not None
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxState.SENT, to_address=address.address)
    message.refresh_from_db()
    row = come_back(message)
    assert row is not None
    assert "Kopien eingestellt" in words(desk.get(PAGE))

    assert "Kopien gehen wieder an diese Adresse." in post(desk, row, do="copies")
    address.refresh_from_db()
    assert address.gets_copy
    assert "Das hat gerade schon jemand erledigt." in post(desk, row, do="copies")


def test_nothing_ever_came_back(desk: Client, cast: World) -> None:
    assert "Keine Mail kam zurück" in words(desk.get(PAGE))


def test_settling_is_taken_back_by_its_button(desk: Client, invited: Meeting, cast: World) -> None:
    row = come_back(sent_to(cast.susanne), status="5.7.26")
    assert row is not None
    post(desk, row, do="seen")
    assert "Weitergegeben, Imke Albers" in words(desk.get(PAGE))

    assert "Zurückgenommen. Es steht wieder hier." in post(desk, row, do="reopen")
    row.refresh_from_db()
    assert row.settled_at is None
    assert "Das lässt sich nicht mehr zurücknehmen: Inzwischen gilt etwas Neueres." in post(desk, row, do="reopen")


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_however_much_was_settled(
    desk: Client, invited: Meeting, cast: World, number: int, django_assert_num_queries: Any
) -> None:
    for person in (cast.susanne, cast.birgit, cast.corinna)[:number]:
        come_back(sent_to(person))
        returned.holds(again(person), by=cast.imke, at=AT)
    with django_assert_num_queries(6):
        desk.get(PAGE)


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_however_much_came_back(
    desk: Client, invited: Meeting, cast: World, number: int, django_assert_num_queries: Any
) -> None:
    for person in (cast.susanne, cast.birgit, cast.corinna)[:number]:
        come_back(sent_to(person))
    with django_assert_num_queries(7):
        desk.get(PAGE)


def test_relay_that_takes_nothing_for_an_hour_is_on_the_desk(invited: Meeting, cast: World) -> None:
    message = sent_to(cast.susanne)
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.WAITING, tried_since=AT, failure="Der Mailserver ist nicht erreichbar: Connection refused"
    )

    assert list(desk_post.stuck(at=AT + dt.timedelta(minutes=59))) == []
    assert lines(desk_post.stuck(at=AT + dt.timedelta(minutes=61))) == [
        (
            "1 Mail geht nicht hinaus",
            (
                "Seit 23.\N{NO-BREAK SPACE}November, 09:00\N{NO-BREAK SPACE}Uhr. Wir versuchen es weiter. "
                "Der Mailserver ist nicht erreichbar: Connection refused"
            ),
            "Postausgang ansehen",
        )
    ]


def test_mailbox_that_cannot_be_read_is_on_the_desk(desk: Client, cast: World, settings: Any) -> None:
    settings.IMAP = env.mailbox("imap://anna:geheim@127.0.0.1:1/INBOX", "")
    MailboxState.objects.create(pk=1, failure="Connection refused", unreadable=2)

    found = list(desk_post.mailbox_down())
    assert [str(line.title) for line in found] == [
        "Das Postfach lässt sich nicht lesen",
        "2 Mails waren nicht lesbar",
    ]
    assert found[1].why == "Im Postfach liegen sie im Ordner „Fehler“. Bitte sehen Sie dort nach."
    assert "Erledigt." in words(desk.post(_where(found[1]), follow=True))
    assert [str(line.title) for line in desk_post.mailbox_down()] == ["Das Postfach lässt sich nicht lesen"]
    MailboxState.objects.update(read_at=clock.real_now())
    assert list(desk_post.mailbox_down()) == []


def _where(line: Line) -> str:
    assert line.post_to
    return line.post_to


def test_kinds_of_reports_are_the_parsers() -> None:
    from notifications.bounces import Kind  # noqa: PLC0415 -- this one comparison

    assert sorted(ReturnKind.values) == sorted(set(Kind) - {Kind.UNCHECKED})  # that one arrived, and is never stored
