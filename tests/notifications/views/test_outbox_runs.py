"""One run in the Postausgang: its copies with it, what can still be done with how many, and what is needed no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from buendnisse import clock
from buendnisse.german import moment
from buendnisse.models import FurtherAddress
from meetings.models import Meeting
from notifications.domain import dispatch, outbox, previews, votes
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.notifications.views.test_outbox import mail
from tests.support import voting
from tests.world import AT, World

pytestmark = pytest.mark.django_db

STOPPED, FAILED, SENT, WAITING = OutboxState.STOPPED, OutboxState.FAILED, OutboxState.SENT, OutboxState.WAITING
SUPERSEDED = OutboxState.SUPERSEDED
DIGEST: dict[str, Any] = {"kind": MailKind.DIGEST, "occasion": "digest:2026-11-23", "data": {}}
OVER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def shown(client: Client, path: str) -> str:
    return " ".join(strip_tags(client.get(path).content.decode()).split())


def states(kind: MailKind) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("state", flat=True))


@pytest.fixture
def with_a_copy(cast: World, february: Meeting) -> Meeting:
    """The invitation to three people waits, and a copy of it."""
    FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    dispatch.fan_out(at=AT)
    return february


@pytest.mark.parametrize("pressed", [MailKind.INVITATION, MailKind.COPY])
def test_copies_stop_and_leave_with_their_run(desk: Client, with_a_copy: Meeting, pressed: MailKind) -> None:
    path = f"/postausgang/{OutboxMessage.objects.filter(kind=pressed)[0].pk}/"

    page = desk.post(path, {"do": "stop", "whole": "on"}, follow=True)
    assert (states(MailKind.INVITATION), states(MailKind.COPY)) == ([STOPPED] * 3, [STOPPED])
    assert "3 Mails und eine Kopie sind angehalten." in page.content.decode()
    desk.post(path, {"do": "release", "whole": "on"})
    assert (states(MailKind.INVITATION), states(MailKind.COPY)) == ([WAITING] * 3, [WAITING])


def test_page_says_how_many_people_and_copies(desk: Client, with_a_copy: Meeting) -> None:
    path = f"/postausgang/{OutboxMessage.objects.filter(kind=MailKind.INVITATION)[0].pk}/"
    page = shown(desk, path)

    assert "an 3 Personen und eine weitere Adresse." in page
    assert "für alle: 3 Mails und eine Kopie" in page


def test_copies_of_digests_stop_with_them(desk: Client, cast: World) -> None:
    address = FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    letter = mail(cast.susanne, kind=MailKind.DIGEST, occasion="digest:2026-11-23", data={})
    mail(cast.birgit, kind=MailKind.DIGEST, occasion="digest:2026-11-23", data={})
    of = {"kind": MailKind.COPY, "occasion": "copy:2026-11-23", "data": {"of": MailKind.DIGEST}}
    mail(cast.susanne, copy_to=address, **of)

    desk.post(f"/postausgang/{letter.pk}/", {"do": "stop", "whole": "on"})
    assert (states(MailKind.DIGEST), states(MailKind.COPY)) == ([STOPPED] * 2, [STOPPED])


def test_copies_of_another_kind_stay(desk: Client, cast: World) -> None:
    address = FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    moved = mail(cast.susanne, kind=MailKind.MOVED, occasion="moved:7")
    of = {"kind": MailKind.COPY, "occasion": "copy:7", "data": {"of": MailKind.CANCELLED}}
    mail(cast.susanne, copy_to=address, **of)

    desk.post(f"/postausgang/{moved.pk}/", {"do": "stop", "whole": "on"})
    assert (states(MailKind.MOVED), states(MailKind.COPY)) == ([STOPPED], [WAITING])


def test_what_failed_goes_again_to_those_it_did_not_reach(desk: Client) -> None:
    [failed, *_rest] = [mail(PersonFactory(), state=state) for state in (FAILED, FAILED, SENT, STOPPED)]
    page = desk.get(f"/postausgang/{failed.pk}/").content.decode()

    assert "für alle 2, bei denen sie nicht ankam" in page
    assert 'name="whole" checked' not in page
    desk.post(f"/postausgang/{failed.pk}/", {"do": "release", "whole": "on"})
    assert states(MailKind.LINK) == [WAITING, WAITING, SENT, STOPPED]


def test_letting_a_run_go_leaves_what_waits_for_its_address(desk: Client) -> None:
    stopped = mail(PersonFactory(), state=STOPPED)
    mail(PersonFactory(), state=STOPPED, is_held=True)

    desk.post(f"/postausgang/{stopped.pk}/", {"do": "release", "whole": "on"})
    assert states(MailKind.LINK) == [WAITING, STOPPED]


def test_letting_a_run_go_holds_what_would_come_back_meanwhile(desk: Client) -> None:
    lost = PersonFactory()
    going, *_rest = [mail(person, state=STOPPED, **DIGEST) for person in (PersonFactory(), PersonFactory(), lost)]
    type(lost).objects.filter(pk=lost.pk).update(failed_address=lost.email)
    path = f"/postausgang/{going.pk}/"
    assert "für alle: 2 Mails" in shown(desk, path)

    page = desk.post(path, {"do": "release", "whole": "on"}, follow=True).content.decode()
    found = OutboxMessage.objects.order_by("pk").values_list("state", "is_held")
    assert list(found) == [(WAITING, False), (WAITING, False), (STOPPED, True)]
    assert "2 Mails sind auf dem Weg." in page
    assert "Eine Mail wartet, bis ihre Adresse geprüft ist." in page


def test_stopped_mail_that_would_come_back_waits_for_its_address_before_it_goes(desk: Client) -> None:
    lost = PersonFactory()
    stopped = mail(lost, state=STOPPED, **DIGEST)
    type(lost).objects.filter(pk=lost.pk).update(failed_address=lost.email)
    path = f"/postausgang/{stopped.pk}/"

    page = desk.post(path, {"do": "release"}, follow=True).content.decode()
    assert (states(stopped.kind), "Eine Mail wartet, bis ihre Adresse geprüft ist." in page) == ([STOPPED], True)
    desk.post(path, {"do": "release"})
    assert states(stopped.kind) == [WAITING]  # whoever knows that it waits for its address lets it go knowingly


def test_what_is_needed_no_more_does_not_go_again(desk: Client, cast: World) -> None:
    voting.begin(cast)
    dispatch.fan_out(at=AT + outbox.GRACE)
    ballots = OutboxMessage.objects.filter(kind=MailKind.BALLOT)
    ballots.update(state=FAILED, failure="Das Postfach ist voll.")
    with clock.frozen(OVER):
        votes.close_due(at=OVER)
        path = f"/postausgang/{ballots[0].pk}/"
        page = desk.post(path, {"do": "release", "whole": "on"}, follow=True).content.decode()

    assert states(MailKind.BALLOT) == [SUPERSEDED] * 3
    assert "3 Mails sind nicht mehr nötig. Die Abstimmung ist beendet." in page
    assert "auf dem Weg" not in page


def test_overview_counts_what_is_stopped(desk: Client) -> None:
    def head() -> str:
        return shown(desk, "/postausgang/").partition("Postausgang Gerade")[2].partition("Alle Mails ansehen")[0]

    assert head() == " wartet nichts. Alles ist angekommen. "
    mail(PersonFactory(), state=STOPPED)
    mail(PersonFactory(), state=STOPPED)
    assert head() == " wartet nichts. 2 Mails sind angehalten. Sonst ist alles angekommen. "


def test_row_stops_the_whole_run_at_once(desk: Client) -> None:
    first, _second = mail(PersonFactory()), mail(PersonFactory())
    page = desk.get("/postausgang/").content.decode()

    form = page.partition(f'action="/postausgang/{first.pk}/"')[2].partition("</form>")[0]
    assert 'name="do" value="stop"' in form
    assert 'name="whole" value="on"' in form
    assert ">Anhalten<" in form


def test_search_knows_the_names_of_kinds(desk: Client) -> None:
    mail(PersonFactory(), kind=MailKind.BALLOT, occasion="a", state=SENT, sent_at=AT)
    mail(PersonFactory(), kind=MailKind.LINK, occasion="b", state=SENT, sent_at=AT)

    lines = desk.get("/postausgang/", {"stand": "sent", "q": "abstimmung"}).context["lines"]
    assert [line.kind for line in lines] == [MailKind.BALLOT]


def test_search_without_a_hit_says_so(desk: Client, february: Meeting) -> None:
    mail(PersonFactory(), state=SENT, sent_at=AT)
    page = shown(desk, "/postausgang/?q=xyz")

    assert "Noch nichts gesendet" not in page
    assert "werden gerade geschrieben" not in page
    assert page.count("Nichts gefunden") == 1


def test_headers_are_german_with_the_hour_of_berlin(desk: Client, invited: Meeting) -> None:
    row = OutboxMessage.objects.filter(kind=MailKind.INVITATION)[0]
    headers = desk.get(f"/postausgang/{row.pk}/").context["mail"].headers

    named = {name: value for name, value in headers if name not in {"Abbestellen", "Liste"}}
    assert named == {
        "Von": named["Von"],
        "An": f"{row.person.full_name} <{row.person.email}>",
        "Betreff": row.subject,
        "Datum": moment(AT + outbox.GRACE),
        "Message-ID": row.message_id,
    }


def test_mail_without_its_bytes_has_no_date(february: Meeting) -> None:
    dispatch.fan_out(at=AT)
    row = OutboxMessage.objects.filter(kind=MailKind.INVITATION)[0]
    row.message_id = "<1@x.example>"
    names = {name for name, _value in previews.preview(row, at=AT, is_open=True).headers}

    assert names == {"Von", "An", "Betreff", "Message-ID"}


def test_no_mail_answers_itself() -> None:
    raw = b"Message-ID: <1@x.example>\r\nIn-Reply-To: <1@x.example>\r\n\r\nGuten Tag\r\n"
    shown = previews.preview(OutboxMessage(kind=MailKind.AGENDA, payload=raw), at=AT, is_open=True)

    assert shown.headers == [("Message-ID", "<1@x.example>")]
