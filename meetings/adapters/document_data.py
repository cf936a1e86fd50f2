"""What the documents in templates/documents are filled with: every text final wording, in German.

One class a shape; `buendnisse.adapters.typesetting.typeset` takes them as they are. A field that is
NotRequired may also be empty or "": the template then leaves its place out.
"""

# No `from __future__ import annotations`: with it, Python 3.11 does not see NotRequired at run time.
from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class Run(TypedDict):
    """A stretch of text; a link is https: or mailto:, another scheme is set as plain text."""

    t: str
    bold: NotRequired[bool]
    link: NotRequired[str]


Runs = str | Sequence[str | Run]


class Block(TypedDict):
    """Paragraphs and headings have `run`, lists and numbers have `points`."""

    kind: Literal["paragraph", "heading", "list", "numbers"]
    run: NotRequired[Runs]
    points: NotRequired[Sequence[Runs]]


# A plain text (an empty line starts a paragraph), or blocks.
Prose = str | Sequence[Block]


class Meta(TypedDict):
    """`date`: ISO, becomes the PDF's own date, so it must come from the data and not from the clock."""

    title: str
    running_head: str
    author: str
    date: str
    footer: NotRequired[str]
    keywords: NotRequired[Sequence[str]]
    mark: NotRequired[str]


class Letterhead(TypedDict):
    """`reach`: address and telephone in one line."""

    name: str
    office: str
    reach: NotRequired[str]


class Document(TypedDict):
    """What all have. `large`: 14 pt with fewer columns. A fact is (word, value); without a value it is left out."""

    meta: Meta
    letterhead: Letterhead
    title: str
    facts: Sequence[tuple[str, Runs | None]]
    large: NotRequired[bool]


class Notice(TypedDict):
    mark: str
    text: Runs


class ItemPaper(TypedDict):
    title: str
    standing: NotRequired[str]


class Paper(TypedDict):
    item: str
    title: str
    standing: str


class AgendaItem(TypedDict):
    """`begins`: "10:05"; `minutes` as planned."""

    number: str
    title: str
    begins: NotRequired[str]
    minutes: NotRequired[int]
    kind: NotRequired[str]
    presenter: NotRequired[str]
    description: NotRequired[Prose]
    origin: NotRequired[str]
    confidential: NotRequired[str]
    papers: NotRequired[Sequence[ItemPaper]]


class AgendaDocument(Document):
    """agenda.typ"""

    body_line: str
    time_frame: str
    items: Sequence[AgendaItem]
    notice: NotRequired[Notice]
    papers: NotRequired[Sequence[Paper]]
    next_meetings: NotRequired[Sequence[str]]


class Version(TypedDict):
    mark: str
    standing: str


class DecisionBox(TypedDict):
    kind: str
    number: str
    text: Prose
    standing: NotRequired[str]
    votes: NotRequired[str]


class Task(TypedDict):
    what: str
    who: str
    due: str


class MeetingTask(Task):
    item: str


class MinutesItem(TypedDict):
    number: str
    title: str
    presenter: NotRequired[str]
    result: NotRequired[Prose]
    decisions: NotRequired[Sequence[DecisionBox]]
    tasks: NotRequired[Sequence[Task]]
    corrections: NotRequired[Sequence[Notice]]


class Participant(TypedDict):
    name: str
    organisation: str
    participation: str


class AttendanceList(TypedDict):
    sentence: str
    people: Sequence[Participant]


class Correction(TypedDict):
    date: str
    place: str
    text: str


class Signature(TypedDict):
    name: str
    role: str
    note: NotRequired[str]


class MinutesDocument(Document):
    """minutes.typ"""

    body_line: str
    version: Version
    items: Sequence[MinutesItem]
    tasks: Sequence[MeetingTask]
    attendance: AttendanceList
    attendance_first: NotRequired[bool]
    annexes: NotRequired[Sequence[str]]
    corrections: NotRequired[Sequence[Correction]]
    closing: NotRequired[Prose]
    signatures: NotRequired[Sequence[Signature]]


class Certificate(TypedDict):
    """Who certifies, as what, where and when."""

    name: str
    role: str
    place: str


class ExcerptDocument(Document):
    """excerpt.typ"""

    body_line: str
    item: MinutesItem
    corrections: NotRequired[Sequence[Notice]]
    omitted: NotRequired[Runs]
    certificate: Prose
    signature: Certificate


class Signing(TypedDict):
    """`instead` stands where one would sign."""

    name: str
    organisation: str
    remark: NotRequired[str]
    instead: NotRequired[str]


class SigningGroup(TypedDict):
    title: str
    people: Sequence[Signing]


class AttendanceSheet(Document):
    """attendance.typ"""

    body_line: str
    line: str
    note: NotRequired[str]
    groups: Sequence[SigningGroup]
    blank_rows: int
    closing: str
    signatures: Sequence[str]


class PathStep(TypedDict):
    """`lane`, `to`: counted from 0. `follows`: earlier steps counted from 1; left out, it is the one before."""

    short_date: str
    lane: int
    title: str
    line: str
    to: NotRequired[int]
    reply: NotRequired[bool]
    decision: NotRequired[bool]
    follows: NotRequired[Sequence[int]]
    arrow: NotRequired[str]
    wording: NotRequired[Prose]


class PathDocument(Document):
    """path.typ"""

    overline: str
    summary: Prose
    legend: str
    lanes: Sequence[str]
    steps: Sequence[PathStep]
    figure_text: NotRequired[str]
    closing: NotRequired[Prose]


class CoursePart(TypedDict):
    """`hour`: "10:05"; `words`: what whoever leads the meeting may say."""

    hour: str
    minutes: int
    item: str
    title: str
    who: NotRequired[str]
    goal: NotRequired[str]
    words: NotRequired[str]


class PointList(TypedDict):
    title: str
    points: Sequence[str]


class RunSheetDocument(Document):
    """run_sheet.typ"""

    body_line: str
    line: str
    course: Sequence[CoursePart]
    lists: Sequence[PointList]
    tightness: int


class FolderSheet(TypedDict):
    line: str
    title: str
    standing: str
    note: NotRequired[str]


class FolderSheets(Document):
    """folder_sheets.typ"""

    sheets: Sequence[FolderSheet]
