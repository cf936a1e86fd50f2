"""Everything that can be found, as the index keeps it: one reading of each kind, in whole.

Texts only, never who may see them: that is asked of the things when somebody searches. What nobody but its author
reads (drafts of minutes, notes beside an item) is no source; topics whose proposer is not confirmed are none either.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

from django.db.models import Count, F, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Paper, PaperVersion
from meetings.domain.agenda_content import as_content as agenda_as_content
from meetings.domain.minutes_content import ItemContent, as_content
from meetings.domain.search_words import indexed, running
from meetings.enums import AgendaItemState, DecisionState, MeetingState, RelayState, SearchKind
from meetings.models import AgendaItem, AgendaVersion, Decision, MinutesVersion, PaperText, Relay, SearchEntry
from meetings.models.decision import out

#: What is only shown may be cut: long names are found by their words all the same.
_LONGEST = {"title": 300, "standing": 200}


@dataclass(frozen=True)
class Source:
    """One thing with its words. `day`: on which it was decided, sent, said or dated."""

    kind: str
    subject_id: int
    body_id: int | None
    day: dt.date | None
    number: str
    title: str
    text: str
    standing: str
    place: str

    @property
    def fingerprint(self) -> str:
        return hashlib.blake2b(json.dumps(astuple(self), default=str).encode(), digest_size=12).hexdigest()

    def entry(self, fingerprint: str) -> SearchEntry:
        """As the index keeps it. A day is found by its figures and by the name of its month."""
        days = f"{german.short_day(self.day)} {german.day(self.day)}" if self.day else ""
        shown = {name: Truncator(value).chars(_LONGEST[name]) for name, value in vars(self).items() if name in _LONGEST}
        return SearchEntry(
            **vars(self) | shown,
            number_words=running(self.number) if self.number else "",
            title_words=indexed(f"{self.number} {self.title}"),
            words=indexed(f"{self.number} {self.title} {self.text} {self.standing} {days}"),
            fingerprint=fingerprint,
        )


def everything() -> Iterator[Source]:
    """All sources, kind by kind."""
    yield from _decisions()
    yield from _relays()
    yield from _topics()
    yield from _sent_topics()
    yield from _minutes()
    yield from _papers()


def _decisions() -> Iterator[Source]:
    rows = Decision.objects.values_list(
        "pk", "alliance", "decided_on", "number", "agenda_item__title", "circular__subject", "text", "note", "state",
        "revocation_reason",
    )  # fmt: skip
    base, carried = reverse("meetings:decisions"), _carried_by()
    for pk, body, day, number, topic, subject, text, note, state, reason in rows.iterator():
        words = " ".join(filter(None, (text, note, reason, *carried[pk])))
        standing = str(DecisionState(state).label)
        title = topic or subject or number
        yield Source(SearchKind.DECISION, pk, body, day, number, title, words, standing, f"{base}{number}/")


def _carried_by() -> Mapping[int, list[str]]:
    """The numbers of the relays that left with each decision: the register shows them, so it is searched by them."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for decision, number in Relay.objects.sent().order_by("pk").values_list("source_decision", "number"):
        found[decision].append(number)
    return found


def _relays() -> Iterator[Source]:
    rows = Relay.objects.values_list(
        "pk", "source", "sent_at", "number", "subject", "message", "answer", "outcome_text", "reason", "state",
        "target__name", "answer_decision",
    )  # fmt: skip
    told, base = _told_to_all(), reverse("meetings:relay_board")
    for pk, body, sent, number, subject, message, answer, outcome, reason, state, target, by in rows.iterator():
        said = answer if not by or by in told else ""  # what not every member may read is told by its page alone
        words = " ".join(filter(None, (message, said, outcome, reason)))
        standing = _("an %(body)s, %(state)s") % {"body": target, "state": RelayState(state).label}
        day = local_date(sent) if sent else None  # a draft has no day yet
        yield Source(SearchKind.RELAY, pk, body, day, number, subject, words, standing, f"{base}{number}/")


def _told_to_all() -> frozenset[int]:
    """Decisions that answer and that members of all bodies may read: in circulated minutes, of no confidential topic."""
    rows = Decision.objects.filter(answered_relays__isnull=False, agenda_item__confidential_to__isnull=True)
    return frozenset(rows.filter(out()).values_list("pk", flat=True))


def _topics() -> Iterator[Source]:
    rows = AgendaItem.objects.filter(standing_code="").exclude(state=AgendaItemState.DRAFT_UNVERIFIED).values_list(
        "pk", "alliance", Coalesce("meeting__start", "submitted_at"), "title", "description", "state",
        "meeting__slug", "alliance__slug", "meeting__title",
    )  # fmt: skip
    sittings = _sittings()
    for pk, body, moment, title, words, state, meeting, alliance, sitting in rows.iterator():
        day = local_date(moment) if moment else None
        standing = ", ".join(filter(None, (str(AgendaItemState(state).label), sitting)))
        place = f"{sittings}{meeting}/#punkt-{pk}" if meeting else reverse("meetings:alliance", args=[alliance])
        yield Source(SearchKind.TOPIC, pk, body, day, "", title, words, standing, place)


def _sent_topics() -> Iterator[Source]:
    """Of meetings that are invited to: what members read is what was sent last."""
    newest = AgendaVersion.objects.filter(meeting=OuterRef("meeting")).order_by("-number").values("pk")[:1]
    rows = AgendaVersion.objects.filter(meeting__state=MeetingState.INVITED, pk=Subquery(newest))
    for version in rows.select_related("meeting"):
        meeting = version.meeting
        for item in agenda_as_content(version.content)["items"]:
            place = f"{_sittings()}{meeting.slug}/#punkt-{item['id']}"
            day = local_date(meeting.start)
            said = (item["title"], item["description"], meeting.title, place)
            yield Source(SearchKind.TOPIC_SENT, item["id"], meeting.alliance_id, day, "", *said)


def _minutes() -> Iterator[Source]:
    """Item by item, as they were circulated last; so a confidential item is kept by itself."""
    newest = MinutesVersion.objects.filter(minutes=OuterRef("minutes")).order_by("-number").values("pk")[:1]
    rows = MinutesVersion.objects.filter(pk=Subquery(newest)).values_list(
        "content", "minutes__meeting__alliance", "minutes__meeting__slug", "minutes__meeting__start",
        "minutes__meeting__title",
    )  # fmt: skip
    for stored, body, slug, start, sitting in rows.iterator():
        for item in as_content(stored)["items"]:
            if text := _said(item):
                place = f"{reverse('meetings:minutes', args=[slug])}#punkt-{item['number']}"
                standing = _("TOP %(number)d, %(meeting)s") % {"number": item["number"], "meeting": sitting}
                facts = (body, local_date(start), "", item["title"], text, standing, place)
                yield Source(SearchKind.MINUTES, item["id"], *facts)


def _said(item: ItemContent) -> str:
    """What stands under an item; its decisions are found as such."""
    tasks = [f"{task['organisation']}: {task['task']}" for task in item["tasks"]]
    reports = [f"{report['unit']}: {report['text']}" for report in item["reports"]]
    return " ".join(filter(None, (item["result"], *tasks, *reports)))


def _papers() -> Iterator[Source]:
    """Title, summary and what stands in the file of the newest version."""
    numbers = PaperVersion.objects.values("paper").annotate(newest=Max("number"))
    newest = PaperVersion.objects.filter(number=Subquery(numbers.filter(paper=OuterRef("paper")).values("newest")))
    files = {paper: (name, dated) for paper, name, dated in newest.values_list("paper", "file_name", "dated")}
    texts = dict(PaperText.objects.filter(version__in=newest.values("pk")).values_list(F("version__paper"), "text"))
    base, bodies = reverse("meetings:papers"), _only_bodies()
    for pk, slug, title, kind, dated, abstract in Paper.objects.values_list(
        "pk", "slug", "title", "kind", "dated", "abstract"
    ).iterator():
        name, day = files.get(pk, ("", dated))
        text = " ".join(filter(None, (abstract, texts.get(pk, ""))))
        standing = ", ".join(filter(None, (kind, name.rpartition(".")[2].upper())))
        place = f"{base}{slug}/"
        yield Source(SearchKind.PAPER, pk, bodies.get(pk), day, "", title, text, standing, place)


def _only_bodies() -> dict[int, int]:
    """By the id of a paper: the body it lies with, where that is only one."""
    rows = Paper.objects.annotate(number=Count("bodies"), body=Min("bodies")).filter(number=1)
    return dict(rows.values_list("pk", "body"))


def _sittings() -> str:
    """What the address of every meeting begins with."""
    return reverse("meetings:meeting", args=["-"]).removesuffix("-/")
