"""Where a confidential topic may be read: one table. Each row is a surface; each column a person.

The scene writes one secret into everything that hangs on the topic: title, description, result, decision, task, paper,
relay. A cell asserts that the secret is there, or is not. A new surface is one line in `SURFACES`.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from buendnisse import clock
from buendnisse.domain import api_tokens, journal, links
from buendnisse.enums import LinkPurpose, Role, Via
from buendnisse.models import Person
from meetings.adapters import paper_text
from meetings.domain import agenda_confidential, item_papers, minutes, search_index, session
from meetings.enums import Answer, DecisionState, Happened, MeetingState, MinutesState
from meetings.models import Addendum, AgendaItem, Attendance, Decision, Meeting, Minutes
from notifications.domain import digest_news, digest_pick, digest_readers, feeds, render, urls_for
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, MeetingFactory, RelayFactory
from tests.support import files
from tests.world import AT, World

SECRET = "ZQX7"  # no word that a document would hyphenate

#: Fachstelle · Dezernat · chair of the body, not chosen · member that is chosen · its deputy · member that is not ·
#: member of another body · guest · somebody who stands in for the chosen member · technical admin · no account at all.
PEOPLE = ("imke", "theda", "birgit", "susanne", "rolf", "onno", "hedwig", "corinna", "sven", "lueder", "nobody")
CHOSEN = {"imke", "susanne", "rolf"}
FACHSTELLE = {"imke"}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Stage:
    cast: World
    people: dict[str, Person | None]
    ahead: Meeting
    held: Meeting
    item: AgendaItem
    past: AgendaItem
    things: dict[str, Any]


Surface = Callable[[Stage, Person | None], str]


def page(name: str, *args: str, query: str = "") -> Surface:
    """A page or file of the site, as somebody who signed in. `args` name things of the scene, or are slugs."""

    def read(stage: Stage, person: Person | None) -> str:
        browser = Client()
        if person is not None:
            browser.force_login(person, backend="notifications.adapters.SignInBackend")
        return _text(browser.get(reverse(name, args=[stage.things.get(arg, arg) for arg in args]) + query))

    return read


def before_its_minutes(then: Surface) -> Surface:
    """The same while the held meeting's minutes are still a draft: pages that write show nothing afterwards."""

    def read(stage: Stage, person: Person | None) -> str:
        Minutes.objects.filter(meeting=stage.held).update(state=MinutesState.DRAFT)
        return then(stage, person)

    return read


def link(purpose: LinkPurpose, subject: str, more: str = "") -> Surface:
    """The page behind a personal link that this person might have got."""

    def read(stage: Stage, person: Person | None) -> str:
        if person is None:
            return ""
        url = urls_for.personal(person, purpose=purpose, subject=stage.things[subject], at=AT)
        return _text(Client().get(f"{url.removeprefix(urls_for.absolute(''))}{more.format(**stage.things)}"))

    return read


def letter(kind: MailKind, meeting: str, **data: Any) -> Surface:
    """A mail with everything in it, as it would leave for this person; also what previews show."""

    def read(stage: Stage, person: Person | None) -> str:
        if person is None:
            return ""
        said = {name: getattr(stage.things.get(value), "pk", value) for name, value in data.items()}
        message = OutboxMessage.objects.create(
            kind=kind, person=person, occasion=str(uuid.uuid4()), meeting_id=stage.things[meeting].pk, data=said,
            created_at=AT, not_before=AT,
        )  # fmt: skip
        try:
            found = render.render(message, at=AT)
        except (NothingToSay, KeyError):
            return ""
        attached = [_of_file(file.data) + file.file_name for file in found.letter.attachments]
        return "\n".join([found.subject, found.text, found.html, *attached])

    return read


def welcome(stage: Stage, person: Person | None) -> str:
    """To who joins and follows somebody: what their bodies decided, their tasks, and the points they take over."""
    if person is None:
        return ""
    AgendaItem.objects.filter(pk=stage.item.pk).update(presenter=person)
    tasks = [stage.things["task"].pk, stage.things["own"].pk]
    seats = list(person.memberships.values_list("pk", flat=True))
    message = OutboxMessage.objects.create(
        kind=MailKind.WELCOME, person=person, occasion=str(uuid.uuid4()), created_at=AT, not_before=AT,
        data={"memberships": seats, "tasks": tasks, "items": [stage.item.pk]},
    )  # fmt: skip
    try:
        found = render.render(message, at=AT)
    except NothingToSay:
        return ""
    return f"{found.subject}\n{found.text}\n{found.html}"


def program(path: str) -> Surface:
    """An answer of the API to a program with this person's key."""

    def read(stage: Stage, person: Person | None) -> str:
        if person is None:
            return _text(Client().get(f"/api/v1{path}"))
        key = api_tokens.issue(person, name="Kreisportal", by=stage.cast.imke, at=AT)
        return _text(Client(headers={"authorization": f"Bearer {key}"}).get(f"/api/v1{path.format(**stage.things)}"))

    return read


def feed(stage: Stage, person: Person | None) -> str:
    """The calendar to subscribe to."""
    if person is None:
        return ""
    access = links.grant(person, purpose=LinkPurpose.FEED, subject=None, until=AT + dt.timedelta(days=9), at=AT)
    return feeds.read(feeds.open_feed(links.token(access), at=AT), at=AT).data().decode()


def news(stage: Stage, person: Person | None) -> str:
    """What the weekly letter picks from the journal."""
    if person is None:
        return ""
    since = AT - dt.timedelta(days=9)
    found = digest_news.gather(since=since, until=AT + dt.timedelta(minutes=1), at=AT)
    reader = digest_readers.load([person], found)[person.pk]
    return str(digest_pick.pick(reader, found, since=since))


SURFACES: dict[str, tuple[Surface, set[str]]] = {
    "page of the meeting": (page("meetings:meeting", "ahead.slug"), CHOSEN),
    "agenda as PDF": (page("meetings:agenda_pdf", "ahead.slug"), CHOSEN),
    "board": (page("meetings:agenda", "ahead.slug"), FACHSTELLE),
    "edit": (page("meetings:agenda_edit", "ahead.slug", "item.pk"), FACHSTELLE),
    "who reads it": (page("meetings:agenda_confidential", "ahead.slug", "item.pk"), FACHSTELLE),
    "papers of the item": (page("meetings:item_papers", "ahead.slug", "item.pk"), FACHSTELLE),
    "page behind the meeting's link": (link(LinkPurpose.MEETING, "ahead"), CHOSEN),
    "answer page behind its link": (link(LinkPurpose.ANSWER, "ahead"), NOBODY),
    "invitation": (letter(MailKind.AGENDA, "ahead", version=1), CHOSEN),
    "changed invitation": (letter(MailKind.AGENDA, "ahead", version=2), CHOSEN),
    "welcome of who joins or follows": (welcome, CHOSEN),
    "late papers": (letter(MailKind.LATE_PAPERS, "ahead"), CHOSEN),
    "call for topics": (letter(MailKind.CALL, "called"), CHOSEN),
    # It shows the mail of the chair, who is not chosen.
    "preview before sending": (page("notifications:send_agenda", "ahead.slug"), NOBODY),
    "shelf of papers": (page("meetings:papers"), CHOSEN),
    "paper by permission": (page("meetings:paper_file", "paper.slug", "1"), CHOSEN),
    "paper by link": (link(LinkPurpose.MEETING, "ahead", "unterlage/{paper.slug}/"), CHOSEN),
    "paper's version by link": (link(LinkPurpose.MEETING, "ahead", "unterlage/{paper.slug}/1/"), CHOSEN),
    "minutes": (page("meetings:minutes", "held.slug"), CHOSEN),
    "minutes as PDF": (page("meetings:minutes_pdf", "held.slug"), CHOSEN),
    "minutes as Word file": (page("meetings:minutes_word", "held.slug"), CHOSEN),
    "minutes behind their link": (link(LinkPurpose.MINUTES, "minutes"), CHOSEN),
    "minutes as PDF behind their link": (link(LinkPurpose.MINUTES, "minutes", "protokoll.pdf"), CHOSEN),
    "form for a mistake": (link(LinkPurpose.MINUTES, "minutes", "fehler/"), CHOSEN),
    "mail with the minutes": (letter(MailKind.MINUTES, "held", minutes="minutes", version=1), CHOSEN),
    "page of the held meeting": (page("meetings:meeting", "held.slug"), CHOSEN),
    "excerpt of the minutes": (page("meetings:minutes_excerpt", "held.slug", "1"), NOBODY),
    "table in the session": (page("meetings:live", "ahead.slug"), FACHSTELLE),
    "catching up": (before_its_minutes(page("meetings:catch_up", "held.slug")), FACHSTELLE),
    "register of decisions": (page("meetings:decisions"), CHOSEN),
    "register searched": (page("meetings:decisions", query=f"?q={SECRET.lower()}"), CHOSEN),
    "search": (page("meetings:search", query=f"?q={SECRET.lower()}"), CHOSEN),
    "search for decisions": (page("meetings:search", query=f"?q={SECRET.lower()}&art=decision"), CHOSEN),
    "search for relays": (page("meetings:search", query=f"?q={SECRET.lower()}&art=relay"), FACHSTELLE),
    "search for minutes": (page("meetings:search", query=f"?q={SECRET.lower()}&art=minutes"), CHOSEN),
    "search for topics": (page("meetings:search", query=f"?q={SECRET.lower()}&art=topic"), CHOSEN),
    "search for papers": (page("meetings:search", query=f"?q={SECRET.lower()}&art=paper"), CHOSEN),
    "decisions as a table": (page("meetings:decisions_csv"), CHOSEN),
    "decision": (page("meetings:decision", "decision.number"), CHOSEN),
    "tasks": (page("meetings:tasks"), CHOSEN),
    "task": (page("meetings:task", "task.pk"), CHOSEN),
    "task of somebody who is not chosen": (page("meetings:task", "own.pk"), CHOSEN),
    "reminder of tasks": (letter(MailKind.TASK_REMINDER, "held"), {"susanne"}),
    "the same behind its link": (link(LinkPurpose.TASK, "own"), NOBODY),
    "how a decision stands": (letter(MailKind.DECISION_DUE, "held"), NOBODY),
    "the same question behind its link": (link(LinkPurpose.DECISION, "decision"), NOBODY),
    "board of relays": (page("meetings:relay_board"), FACHSTELLE),
    "way of the relay": (page("meetings:relay_path", "relay.number"), FACHSTELLE),
    "way as PDF": (page("meetings:relay_pdf", "relay.number"), FACHSTELLE),
    "way behind its link": (link(LinkPurpose.RELAY, "relay"), FACHSTELLE),
    "mail about the relay": (letter(MailKind.RELAY, "ahead", relay="relay", about="sent"), FACHSTELLE),
    "mail with the answer": (letter(MailKind.RELAY_ANSWER, "ahead", relay="answered", about="answered"), FACHSTELLE),
    "own page": (page("notifications:home"), CHOSEN),
    "alliance": (page("meetings:alliance", "arbeit"), NOBODY),
    "page of another alliance": (page("meetings:alliance", "bildung"), CHOSEN),
    "saying something about it": (link(LinkPurpose.REMARK, "alliance"), {"susanne", "rolf"}),
    "who works with whom": (page("meetings:overview"), NOBODY),
    "news of the week": (news, CHOSEN),
    "calendar": (feed, NOBODY),
    "agenda of the API": (program("/meetings/{ahead.slug}/agenda"), CHOSEN),
    "decisions of the API": (program("/decisions"), CHOSEN),
    "decision of the API": (program("/decisions/{decision.number}"), CHOSEN),
    "relays of the API": (program("/relays"), FACHSTELLE),
    "relay of the API": (program("/relays/{relay.number}"), FACHSTELLE),
    "own page of the topic that goes on": (page("meetings:meeting", "called.slug"), CHOSEN),
}


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stage]:
    """The scene once for the whole table; each cell gives back what it changed."""
    media: Path = tmp_path_factory.mktemp("media")
    patch = pytest.MonkeyPatch()
    patch.setattr("django.conf.settings.MEDIA_ROOT", str(media))
    with django_db_blocker.unblock(), clock.frozen(AT), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)
    patch.undo()


@pytest.mark.django_db
@pytest.mark.parametrize("surface", SURFACES)
def test_secret_is_read_by_exactly_these(stage: Stage, surface: str) -> None:
    read, expected = SURFACES[surface]
    seen = set()
    for name, person in stage.people.items():
        with clock.frozen(AT), transaction.atomic():
            if SECRET in read(stage, person):
                seen.add(name)
            transaction.set_rollback(True)

    assert seen == expected


def _text(response: Any) -> str:
    if response.status_code != 200:
        return ""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return _of_file(content)


def _of_file(content: bytes) -> str:
    if content.startswith(b"%PDF") and len(content) > len(files.PDF) + len(SECRET) + 9:
        return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        return "".join(Document(io.BytesIO(content)).element.itertext())
    return content.decode(errors="replace")


def _build() -> Stage:
    cast = world.build()
    onno = PersonFactory(handle="onno", organisation=cast.birgit.organisation)
    MembershipFactory(body=cast.arbeit, person=onno, is_voting=False)
    Person.objects.update(may_sign_in=True)
    everyone: dict[str, Any] = {name: getattr(cast, name) for name in PEOPLE if name not in {"nobody", "onno"}}
    people: dict[str, Any] = {name: None if name == "nobody" else everyone.get(name, onno) for name in PEOPLE}
    for person in filter(None, people.values()):
        person.refresh_from_db()
    held, past = _held(cast)
    ahead, item, paper = _ahead(cast)
    called = MeetingFactory(
        slug="2027-q1-arbeit", alliance=cast.arbeit, quarter="2027-Q1", state=MeetingState.CALL_OPEN,
        start=dt.datetime(2027, 3, 11, 9, tzinfo=dt.UTC), end=dt.datetime(2027, 3, 11, 11, tzinfo=dt.UTC),
    )  # fmt: skip
    later = AgendaItemFactory(meeting=called, title=f"Das folgt: {SECRET}", continued_from=past, position=1)
    decision = Decision.objects.get(agenda_item=past)
    Decision.objects.update(responsible=onno, follow_up_on=AT.date())
    relay, answered = _relays(cast, decision)
    task = ActionItemFactory(
        agenda_item=past, owner=cast.susanne, task=f"Klären: {SECRET}", due_on=AT.date() + dt.timedelta(days=3)
    )
    own = ActionItemFactory(agenda_item=past, owner=onno, task="Raum anfragen", due_on=AT.date() + dt.timedelta(days=3))
    for one in (item, past):
        agenda_confidential.limit(one, to=[cast.susanne.organisation], version=one.version, by=cast.imke, at=AT)
    paper_text.read_due(at=AT)
    search_index.refresh(at=AT)
    things: dict[str, Any] = {
        "ahead": ahead, "held": held, "called": called, "item": item, "past": past, "later": later, "paper": paper,
        "decision": decision, "relay": relay, "answered": answered, "task": task, "own": own,
        "minutes": Minutes.objects.get(meeting=held), "alliance": cast.arbeit,
    }  # fmt: skip
    for name, thing in list(things.items()):
        things |= {f"{name}.{part}": getattr(thing, part) for part in ("pk", "slug", "number") if hasattr(thing, part)}
    return Stage(cast, people, ahead, held, item, past, things)


def _ahead(cast: World) -> tuple[Meeting, AgendaItem, models.Model]:
    """Invited for 3 December, with a paper that came late; the chosen member is also represented by Sven."""
    meeting = MeetingFactory(
        slug="2026-q4-arbeit", alliance=cast.arbeit, state=MeetingState.INVITED, chair=cast.birgit,
        agenda_sent_at=AT - dt.timedelta(hours=1),
    )  # fmt: skip
    AgendaItemFactory(meeting=meeting, title="Rufbus", position=1)
    item = AgendaItemFactory(
        meeting=meeting, title=f"Personal {SECRET}", description=f"Es geht um {SECRET}.", position=2
    )
    for person, role in ((cast.birgit, Role.CHAIR), (cast.susanne, Role.MEMBER), (cast.corinna, Role.GUEST)):
        Attendance.objects.create(
            meeting=meeting, person=person, organisation=person.organisation, role=role, is_asked=True,
            answer=Answer.PENDING,
        )  # fmt: skip
    row = Attendance.objects.get(meeting=meeting, person=cast.susanne)
    Attendance.objects.create(
        meeting=meeting, person=cast.sven, organisation=cast.susanne.organisation, role=Role.DEPUTY, is_asked=True,
        stands_in_for=row,
    )  # fmt: skip
    paper = item_papers.hand_in(
        item, files.pdf("Personal.pdf", files.PDF + SECRET.encode()), title=f"Vorlage {SECRET}", organisation=None,
        dated=AT.date(), form_key=uuid.UUID(int=7), by=cast.lueder, at=AT,
    )  # fmt: skip
    with transaction.atomic():
        data = {"meeting": meeting.pk}
        journal.record(Happened.ITEM_ACCEPTED, item, at=AT, by=cast.imke, via=Via.WEB, body=cast.arbeit, data=data)
    return meeting, item, paper


def _held(cast: World) -> tuple[Meeting, AgendaItem]:
    """Held on 19 November; the minutes are circulated, and only then the topic becomes confidential."""
    begin = dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC)
    meeting = MeetingFactory(
        slug="2026-q3-arbeit", alliance=cast.arbeit, quarter="2026-Q3", state=MeetingState.INVITED, chair=cast.birgit, start=begin,
        end=begin + dt.timedelta(hours=2), agenda_sent_at=begin - dt.timedelta(days=14),
    )  # fmt: skip
    item = AgendaItemFactory(meeting=meeting, title=f"Stelle {SECRET}", kind="decision", position=1)
    session.start(meeting, by=cast.imke, at=begin)
    DecisionFactory(agenda_item=item, number="A-2026-01", text=f"Beschlossen: {SECRET}.", state=DecisionState.ADOPTED)
    item.refresh_from_db()
    session.record_result(item, result=f"Ergebnis: {SECRET}.", version=item.version, by=cast.imke, at=begin)
    session.finish(meeting, by=cast.imke, at=begin + dt.timedelta(hours=2))
    written = Minutes.objects.select_related("meeting__alliance", "meeting__chair").get(meeting=meeting)
    minutes.submit_to_chair(written, by=cast.imke, at=AT - dt.timedelta(hours=3))
    minutes.release(written, by=cast.birgit, at=AT - dt.timedelta(hours=3))
    minutes.circulate(written, by=cast.imke, at=AT - dt.timedelta(hours=2))
    item.refresh_from_db()
    Addendum.objects.create(
        minutes=written, dated=AT.date(), by=cast.imke, agenda_item=item, text=f"Gemeint ist {SECRET}."
    )
    return meeting, item


def _relays(cast: World, decision: Decision) -> tuple[models.Model, models.Model]:
    """Two that were sent before the topic became confidential, one of them answered."""
    common = {
        "source": cast.arbeit, "source_decision": decision, "source_item": decision.agenda_item,
        "subject": f"Bitte zu {SECRET}", "message": f"Was meinen Sie zu {SECRET}?",
    }  # fmt: skip
    sent = RelayFactory(number="W-2026-01", target=cast.bildung, **common)
    answered = RelayFactory(
        number="W-2026-02",
        target=cast.gesellschaft,
        state="returned",
        answer=f"Ja zu {SECRET}.",
        answered_at=AT,
        **common,
    )
    return sent, answered
