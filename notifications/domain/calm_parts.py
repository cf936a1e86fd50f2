"""The things one mail of calls and reminders asks: how they come from messages, go together and are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meetings.domain import reminder_rules
from notifications.domain import calm_rules, own_words
from notifications.domain.draft import Draft
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: What a mail keeps beside what it asks.
_OF_THE_MAIL = frozenset({"covers", "expires", "calm", "parts"})


@dataclass(frozen=True)
class Part:
    """One thing that is asked, or several of one list.

    `due`: its own day. `expires`: until when it is of use; a first question has no end of its own, its composer
    knows. `covers`: the keys of all it says. `rows`: the messages that wait to be settled as this. `words`: what somebody
    wrote into it by hand.
    """

    kind: MailKind
    matter: str
    meeting: int | None
    data: Mapping[str, Any]
    due: dt.datetime
    expires: dt.datetime | None
    covers: tuple[str, ...]
    rows: tuple[OutboxMessage, ...] = ()

    @property
    def is_reminder(self) -> bool:
        return calm_rules.is_reminder(self.kind, self.data)

    @property
    def words(self) -> str:
        return str(self.data.get(INTRODUCTION, ""))

    @property
    def meetings(self) -> frozenset[int]:
        """The meetings it is about."""
        return frozenset({self.meeting, *self.data.get("meetings", ())} - {None})

    def as_data(self) -> dict[str, Any]:
        """As a message keeps it, see `kept`."""
        return {
            "kind": str(self.kind),
            "matter": self.matter,
            "meeting": self.meeting,
            "data": dict(self.data),
            "due": self.due.isoformat(),
            "expires": self.expires.isoformat() if self.expires else None,
            "covers": list(self.covers),
        }


def waiting(message: OutboxMessage) -> Part:
    """What a message asks that waits to be settled."""
    return replace(_one(message, message.data, message.not_before), rows=(message,))


def ahead(draft: Draft, due: dt.datetime) -> Part:
    """What will be asked soon."""
    return _one(draft, draft.data, due)


def kept(message: OutboxMessage) -> list[Part]:
    """What a settled message asks. Words that were taken out of it by hand are no part's any more."""
    if message.kind == MailKind.REMINDERS:
        return [_read(part, message) for part in message.data["parts"]]
    data = {name: value for name, value in message.data.items() if name not in _OF_THE_MAIL}
    end = message.data.get("expires")
    return [
        replace(
            _one(message, data, message.created_at),
            expires=dt.datetime.fromisoformat(end) if end else None,
            covers=tuple(message.data.get("covers", ())),
        )
    ]


def call(part: Part, meeting: int, named: list[int]) -> Part:
    """The call for topics of this meeting and others, out of one that names more. Its words are about its own meeting."""
    matter, data = f"call:{meeting}", {**part.data, "meetings": named}
    if meeting != part.meeting:
        data = _with(data, words="")
    covers = tuple(dict.fromkeys(calm_rules.covers(part.kind, matter, data)))
    return replace(part, matter=matter, meeting=meeting, data=data, covers=covers)


def replaced(message: OutboxMessage, parts: Sequence[Part]) -> dict[str, Any]:
    """What a message keeps that is about nothing but these of its parts: no words about the others."""
    theirs = own_words.joined(part.words for part in parts)
    others = [own_words.without(part.words, [theirs]) for part in kept(message)]
    words = own_words.without(message.data.get(INTRODUCTION, ""), others)
    data = _with({**message.data, **data_of(parts)}, words=words)
    if message.kind == MailKind.REMINDERS:
        return data | {"parts": [part.as_data() for part in parts]}
    return data | dict(parts[0].data)


def meetings(message: OutboxMessage) -> set[int | None]:
    """The meetings a message is about: one or none, but for calls and reminders that go together."""
    if message.kind == MailKind.CALL:
        return {message.meeting_id, *message.data.get("meetings", ())}
    if message.kind != MailKind.REMINDERS:
        return {message.meeting_id}
    parts: list[dict[str, Any]] = message.data["parts"]
    named = {pk for part in parts for pk in part["data"].get("meetings", ())}
    return {part["meeting"] for part in parts} | named


def data_of(parts: Collection[Part]) -> dict[str, Any]:
    """What a mail with these parts keeps, whichever way it keeps the parts: what it says, and until when it is of use."""
    ends = [part.expires for part in parts]
    known = [end for end in ends if end is not None]
    said = list(dict.fromkeys(key for part in parts for key in part.covers))
    return {"covers": said, **({"expires": max(known).isoformat()} if len(known) == len(ends) else {})}


def meeting_of(parts: Collection[Part]) -> int | None:
    """The meeting all of them are about; a pause of another one's mail holds back none of them."""
    found = {part.meeting for part in parts}
    return found.pop() if len(found) == 1 else None


def key(part: Part) -> str:
    """What it is about itself, whatever it says beside that."""
    return calm_rules.key(part.kind, part.matter, part.data)


def apart(parts: Sequence[Part]) -> list[Part]:
    """The same, and no call names a meeting for whose own call somebody found words: so they stay with it."""
    worded = {key(part) for part in parts if part.kind == MailKind.CALL and part.words}
    found = (without(part, worded - {key(part)}, ()) for part in parts)
    return [part for part in found if part is not None]


def combined(parts: Iterable[Part]) -> list[Part]:
    """The same, each said once and lists as one, in the order of their weight. Of one matter the later counts.

    Only where the earlier is a first question it stays: who has not been asked is not reminded.
    """
    found: list[Part] = []
    for part in sorted(parts, key=lambda one: -len(one.covers)):
        place = next((number for number, one in enumerate(found) if _is_one(one, part)), None)
        if place is None:
            found.append(part)
        else:
            found[place] = _joined(found[place], part)
    return sorted(found, key=lambda part: calm_rules.WEIGHT.index(part.kind))


def _is_one(one: Part, other: Part) -> bool:
    if one.kind == other.kind and one.kind in calm_rules.LISTS:
        return True
    return bool(one.matter and one.matter == other.matter) or set(other.covers) <= set(one.covers)


def _joined(one: Part, other: Part) -> Part:
    rows = (*one.rows, *(row for row in other.rows if row not in one.rows))
    covers = tuple(dict.fromkeys([*one.covers, *other.covers]))
    if one.kind in calm_rules.LISTS:
        only = list(dict.fromkeys([*one.data.get("only", ()), *other.data.get("only", ())]))
        ends = [one.expires, other.expires]
        end = None if None in ends else max(filter(None, ends))
        due = max(one.due, other.due)
        return replace(one, matter="", data={"only": only}, due=due, expires=end, covers=covers, rows=rows)
    earlier, later = sorted([one, other], key=lambda part: part.due)
    stays = one if set(other.covers) <= set(one.covers) else later if earlier.is_reminder else earlier
    return replace(stays, covers=covers, rows=rows)


def without(part: Part, keys: Collection[str], matters: Collection[str]) -> Part | None:
    """What is left of it where these are said elsewhere; None where nothing is."""
    if part.kind not in calm_rules.LISTS and part.matter and part.matter in matters:
        return None
    rest = tuple(key for key in part.covers if key not in keys)
    if len(rest) == len(part.covers):
        return part
    if part.kind in calm_rules.LISTS and "only" in part.data:
        only = [number for number in part.data["only"] if calm_rules.of(rest, [number])]
        return replace(part, data={**part.data, "only": only}, covers=rest) if only else None
    if key(part) not in rest:
        return None
    if "meetings" not in part.data:
        return replace(part, covers=rest)
    named = [pk for pk in part.data["meetings"] if calm_rules.key(part.kind, f"call:{pk}", {}) in rest]
    return replace(part, data={**part.data, "meetings": named}, covers=rest)


def _one(source: OutboxMessage | Draft, data: Mapping[str, Any], due: dt.datetime) -> Part:
    kind = MailKind(source.kind)
    end = due + reminder_rules.days("expires_days") if calm_rules.is_reminder(kind, data) else None
    covers = tuple(dict.fromkeys(calm_rules.covers(kind, source.matter, data)))
    return Part(kind, source.matter, source.meeting_id, data, due, end, covers)


def _with(data: Mapping[str, Any], *, words: str) -> dict[str, Any]:
    """The same with these words, or with none."""
    others = {name: value for name, value in data.items() if name != INTRODUCTION}
    return others | ({INTRODUCTION: words} if words else {})


def _read(part: Mapping[str, Any], message: OutboxMessage) -> Part:
    due, end = part.get("due"), part.get("expires")
    words = own_words.within(part["data"].get(INTRODUCTION, ""), message.data.get(INTRODUCTION, ""))
    return Part(
        MailKind(part["kind"]),
        part["matter"],
        part["meeting"],
        _with(part["data"], words=words),
        dt.datetime.fromisoformat(due) if due else message.created_at,
        dt.datetime.fromisoformat(end) if end else None,
        tuple(part.get("covers") or calm_rules.covers(part["kind"], part["matter"], part["data"])),
    )
