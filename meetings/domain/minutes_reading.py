"""Minutes as one person reads them: the newest version or another, without what is confidential, and how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Change, Sight, sight_of
from meetings.domain import minutes_words
from meetings.domain.minutes_content import MinutesContent, as_content, content, fingerprint, kept_from, redacted
from meetings.domain.minutes_words import ReadItem, ReadParticipant
from meetings.domain.objections import may_contest
from meetings.enums import Approval, Happened, MinutesState
from meetings.models import Addendum, Minutes, MinutesVersion, Objection

_LINK_WAITS = dt.timedelta(minutes=1)  # as long as mail waits after what a person did


@dataclass(frozen=True)
class Reading:
    """`version` is None while nothing was circulated: then the text as it is now. `fingerprint`: of the whole text."""

    minutes: Minutes
    version: MinutesVersion | None
    versions: list[MinutesVersion]
    content: MinutesContent
    fingerprint: str
    items: list[ReadItem]
    people: list[ReadParticipant]
    objections: list[Objection]
    addenda: list[Addendum]
    sight: Sight
    at: dt.datetime
    may_contest: bool

    @property
    def is_newest(self) -> bool:
        return self.version is None or self.version.number == self.versions[0].number

    @property
    def when(self) -> str:
        return minutes_words.when(self.content)

    @property
    def where(self) -> str:
        return minutes_words.where(self.content)

    @property
    def quorum(self) -> str:
        return minutes_words.quorum(self.content)

    @property
    def standing(self) -> str:
        return standing(self.minutes, at=self.at)

    @property
    def corrections(self) -> list[tuple[str, str]]:
        return minutes_words.corrections(self.content)


def read(minutes: Minutes, *, reader: object, at: dt.datetime, number: int | None = None) -> Reading:
    """One version for one reader. A number that does not exist shows the newest."""
    sight = sight_of(reader, at=at)
    versions = list(minutes.versions.order_by("-number"))
    chosen = next((version for version in versions if version.number == number), versions[0] if versions else None)
    stored = as_content(chosen.content) if chosen else content(minutes.meeting, author=minutes.author)
    shown = redacted(stored, sight)
    return Reading(
        minutes=minutes,
        version=chosen,
        versions=versions,
        content=shown,
        fingerprint=fingerprint(stored),
        items=minutes_words.items(shown),
        people=minutes_words.participants(shown),
        objections=_objections(minutes, sight),
        addenda=addenda(minutes, without=kept_from(stored, sight)),
        sight=sight,
        at=at,
        # The reader of all bodies changes nothing.
        may_contest=may_contest(minutes, at=at) and (sight.everything or not sight.all_bodies),
    )


def standing(minutes: Minutes, *, at: dt.datetime) -> str:
    """How they stand, in a sentence."""
    match minutes.state:
        case MinutesState.DRAFT:
            return _("Entwurf. Nur die Fachstelle sieht ihn.")
        case MinutesState.IN_REVIEW if minutes.reviewed_by:
            return _("Vom Vorsitz freigegeben, noch nicht verschickt.")
        case MinutesState.IN_REVIEW:
            return _("Liegt beim Vorsitz zur Freigabe.")
        case MinutesState.APPROVED:
            day = german.day(minutes.approved_on) if minutes.approved_on else ""
            return _("Genehmigt am %(day)s, %(how)s.") % {"day": day, "how": _approval(minutes)}
    return _waits(minutes, at=at)


def _waits(minutes: Minutes, *, at: dt.datetime) -> str:
    """Circulated, and not approved yet."""
    if minutes.state == MinutesState.CONTESTED:
        return _("Noch nicht genehmigt. Ein Einwand wird geprüft.")
    if not may_contest(minutes, at=at):
        return _("Die Frist ist vorbei. Das Protokoll wird gleich genehmigt.")
    until = german.long_day(minutes.objection_until) if minutes.objection_until else ""
    return _("Noch nicht genehmigt. Einwände sind möglich bis %(day)s.") % {"day": until}


def _approval(minutes: Minutes) -> str:
    if minutes.approval == Approval.MEETING:
        return _("in der Sitzung")
    return str(Approval(minutes.approval or Approval.SILENT).label)


def history(minutes: Minutes) -> list[tuple[Change, str]]:
    """What happened to them, the latest first, in the words of the journal; sent without release, why."""
    rows = Change.objects.of(minutes).select_related("by").order_by("-at", "-pk")
    return [(change, _told(change, minutes)) for change in rows if change.verb in Happened.values]


def _told(change: Change, minutes: Minutes) -> str:
    words = str(Happened(change.verb).label)
    words = f"{words[:1].upper()}{words[1:]}"
    if change.reason == "without_release" and minutes.unreleased_because:
        return _("%(words)s, ohne Freigabe („%(reason)s“)") % {"words": words, "reason": minutes.unreleased_because}
    return words


def link_waits(told: list[tuple[Change, str]], *, at: dt.datetime) -> bool:
    """Whether the chair's link still waits its minute; `told` is the history."""
    last = next((change for change, _words in told if change.verb == Happened.MINUTES_SUBMITTED), None)
    return last is not None and at < last.at + _LINK_WAITS


def addenda(minutes: Minutes, *, without: Collection[int]) -> list[Addendum]:
    """Later corrections, in their order; `without` those of items that are kept from a reader."""
    rows = minutes.addenda.select_related("agenda_item").order_by("dated", "pk")
    return [addendum for addendum in rows if addendum.agenda_item_id not in without]


def _objections(minutes: Minutes, sight: Sight) -> list[Objection]:
    """All for the Fachstelle; one's own for everybody else."""
    rows = minutes.objections.select_related("by", "agenda_item").order_by("received_at", "pk")
    return list(rows if sight.everything else rows.filter(by=sight.person_id))
