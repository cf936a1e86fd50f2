"""The pages of the release: a scanner's visit releases nothing, each button does one thing, earlier versions stay."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock, german
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Membership
from meetings.domain import agenda, agenda_content, agenda_release, agenda_sending, planning
from meetings.enums import AgendaItemKind, ReleaseState
from meetings.models import Meeting
from notifications.domain import letters, ring
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.support import snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(seconds=61)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue, chair=cast.birgit, slug="m-release")
    planning.confirm(meeting, by=cast.imke, at=AT)
    said = {"kind": AgendaItemKind.DISCUSSION, "minutes": 20, "presenter": cast.susanne}
    agenda.add(meeting, title="Sprachcafé", **said, by=cast.imke, form_key=uuid.uuid4(), at=AT)  # type: ignore[arg-type]
    return meeting


def address(cast: World, meeting: Meeting) -> str:
    link = links.grant(cast.birgit, purpose=LinkPurpose.AGENDA_RELEASE, subject=meeting, until=meeting.end, at=AT)
    return reverse("meetings:agenda_release", args=[links.token(link)])


def state(meeting: Meeting) -> ReleaseState:
    return agenda_release.standing_of(meeting).state


def test_mail_asks_the_chair_and_is_dropped_when_the_request_is_taken_back(
    client: Client, cast: World, meeting: Meeting
) -> None:
    client.force_login(cast.imke)
    page = reverse("meetings:agenda_release_page", args=[meeting.slug])
    with clock.frozen(AT):
        client.get(page)
        assert state(meeting) == ReleaseState.OPEN
        client.post(page, {"do": "ask"})
    ring.ring(at=AT, send=False)
    message = OutboxMessage.objects.get(kind=MailKind.AGENDA_REVIEW)
    assert message.person == cast.birgit
    found = snapshots.mail(message, at=AT)
    assert found == snapshots.stored("agenda_review", found)

    with clock.frozen(AT):
        client.post(page, {"do": "take_back"})

    assert state(meeting) == ReleaseState.OPEN
    with pytest.raises(NothingToSay):
        letters.compose(message, AT + MINUTE)


def test_looking_releases_nothing_and_the_button_does(client: Client, cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    with clock.frozen(AT + MINUTE):
        for path in ("", "tagesordnung.pdf", "ablaufzettel.pdf"):
            assert client.get(address(cast, meeting) + path).status_code == 200
        assert state(meeting) == ReleaseState.ASKED
        client.post(address(cast, meeting), {"freigeben": "ja"})  # of what, it does not say
        assert state(meeting) == ReleaseState.ASKED
        said = {"freigeben": "ja", "seen": agenda_content.fingerprint(agenda_content.content(meeting))}
        page = client.post(address(cast, meeting), said, follow=True).content.decode()

    assert "Danke, die Tagesordnung ist freigegeben" in page
    assert state(meeting) == ReleaseState.RELEASED


def test_mail_names_the_others_who_may_release(cast: World, meeting: Meeting) -> None:
    Membership.objects.filter(person__in=[cast.rolf, cast.susanne], body=cast.arbeit).update(role=Role.DEPUTY_CHAIR)
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    ring.ring(at=AT, send=False)
    message = OutboxMessage.objects.get(kind=MailKind.AGENDA_REVIEW, person=cast.birgit)
    others = german.listing([one.full_name for one in agenda_release.standing_of(meeting).by_mail[1:]])

    assert f"Die gleiche Mail bekommen auch {others}." in " ".join(snapshots.mail(message, at=AT).split())


def test_who_leads_no_more_sees_nothing(client: Client, cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    own = address(cast, meeting)
    Membership.objects.filter(person=cast.birgit, body=cast.arbeit).update(role=Role.MEMBER)
    Meeting.objects.filter(pk=meeting.pk).update(chair=cast.rolf)
    with clock.frozen(AT + MINUTE):
        codes = [client.get(own + path).status_code for path in ("", "tagesordnung.pdf", "ablaufzettel.pdf")]
        codes.append(client.post(own, {"freigeben": "ja"}).status_code)

    assert codes == [404, 404, 404, 404]


def test_a_wish_without_words_is_refused_and_one_with_words_kept(client: Client, cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    with clock.frozen(AT + MINUTE):
        client.post(address(cast, meeting), {"aendern": "ja", "remark": ""})
        assert state(meeting) == ReleaseState.ASKED
        client.post(address(cast, meeting), {"aendern": "ja", "remark": "Bitte kürzer."})
    client.force_login(cast.imke)
    with clock.frozen(AT + MINUTE):
        page = client.get(reverse("meetings:agenda_release_page", args=[meeting.slug])).content.decode()

    assert (state(meeting), "Bitte kürzer." in page) == (ReleaseState.RETURNED, True)


def test_an_old_wording_cannot_be_released(client: Client, cast: World, meeting: Meeting) -> None:
    agenda_release.ask(meeting, by=cast.imke, at=AT)
    with clock.frozen(AT + MINUTE):
        said = client.post(address(cast, meeting), {"freigeben": "ja", "seen": "0"}).content.decode()

    assert "Die Tagesordnung wurde inzwischen geändert." in said
    assert state(meeting) == ReleaseState.ASKED


def test_the_fachstelle_reads_earlier_versions(client: Client, cast: World, meeting: Meeting) -> None:
    said = {"without_release": "Eilt.", "urgency": "Eilt."}
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, **said)
    more = {"kind": AgendaItemKind.DISCUSSION, "minutes": 10, "presenter": None}
    agenda.add(meeting, title="Fahrtkosten", **more, by=cast.imke, form_key=uuid.uuid4(), at=AT)  # type: ignore[arg-type]
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, **said)
    client.force_login(cast.imke)

    with clock.frozen(AT):
        pages = [
            client.get(reverse("meetings:agenda_version", args=[meeting.slug, number])).content.decode()
            for number in (1, 2)
        ]

    assert ["Fahrtkosten" in page for page in pages] == [False, True]
    assert "Geänderte Fassung (2)" in pages[1]
    assert client.get(reverse("meetings:agenda_version", args=[meeting.slug, 3])).status_code == 404
