"""What an answer to an objection may put right beside the words of a result, and that nothing else comes along."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models.sight import Sight
from meetings.adapters import minutes_pdf, minutes_word
from meetings.domain import action_items, decisions, minutes, minutes_words, objections, session
from meetings.domain.corrections import Correction, TaskChange
from meetings.domain.minutes_content import MinutesContent, as_content
from meetings.domain.minutes_journal import WordsMissing
from meetings.enums import ActionItemState, Presence
from meetings.models import ActionItem, MinutesVersion, Objection
from tests.meetings import held
from tests.meetings.held import AT, DAY, LATER

pytestmark = pytest.mark.django_db

ALL = Sight(everything=True, all_bodies=True)


def sent() -> tuple[held.Held, ActionItem]:
    """Circulated with a decision and a task of Susanne."""
    now = held.over()
    imke = now.world.imke
    session.reopen(now.meeting, by=imke, at=AT)
    decisions.adopt(now.bus, kind="consensus", text="Der Rufbus fährt.", by=imke, at=AT)
    task = action_items.assign(
        now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=imke, at=AT
    )
    session.finish(now.meeting, by=imke, at=AT)
    minutes.circulate(now.minutes, by=imke, at=LATER, reason="Test")
    return now, task


def whole(now: held.Held, text: str = "Ich war da.") -> Objection:
    return objections.contest(now.minutes, by=now.world.rolf, text=text, at=LATER + DAY)


def accept(now: held.Held, objection: Objection, correction: Correction) -> MinutesVersion | None:
    return objections.resolve(
        objection, accept=True, resolution="Stimmt.", correction=correction, by=now.world.imke, at=LATER + 2 * DAY
    )


def text(version: MinutesVersion | None) -> MinutesContent:
    assert version is not None
    return as_content(version.content)


def test_attendance_is_put_right_and_marked_everywhere() -> None:
    now, _task = sent()
    row = now.row("rolf")

    version = accept(now, whole(now), Correction(attendance=(row, Presence.PRESENT)))

    assert version is not None
    became = text(version)
    assert {one["name"]: one["presence"] for one in became["attendance"]}["Rolf Eilers"] == "present"
    words = "Rolf Eilers: „entschuldigt“ ersetzt durch „anwesend“."
    mark = "Berichtigt nach einem Hinweis vom 24.\xa0November\xa02026:"
    assert minutes_words.corrections(became) == [(mark, words)]
    assert version.note == f"Stimmt. {words}"
    assert now.row("rolf").presence == Presence.PRESENT
    rows = minutes_pdf.document(version, sight=ALL)["corrections"]
    assert rows == [{"date": "25.11.2026", "place": "Zum Ganzen", "text": f"{mark} {words}"}]
    assert minutes_word.minutes_word(version, sight=ALL)[:2] == b"PK"


def test_task_is_put_right_in_the_minutes_and_where_it_is_worked_on() -> None:
    now, task = sent()
    change = TaskChange(task, task="Fahrplan und Preise", due_on=dt.date(2027, 1, 15))

    became = text(accept(now, whole(now, "Es ging auch um Preise."), Correction(task=change)))

    [told] = became["items"][1]["tasks"]
    assert (told["task"], told["due_on"]) == ("Fahrplan und Preise", "2027-01-15")
    task.refresh_from_db()
    assert (task.task, task.due_on) == ("Fahrplan und Preise", dt.date(2027, 1, 15))
    before = "Fahrplan, Susanne Overhage, bis 11.12.2026"
    after = "Fahrplan und Preise, Susanne Overhage, bis 15.01.2027"
    assert [one.get("also") for one in became["items"][1]["corrections"]] == [
        [f"Auftrag „{before}“ ersetzt durch „{after}“."]
    ]


def test_task_that_was_never_given_goes() -> None:
    now, task = sent()

    became = text(accept(now, whole(now), Correction(task=TaskChange(task, is_dropped=True))))

    assert became["items"][1]["tasks"] == []
    task.refresh_from_db()
    assert task.state == ActionItemState.CANCELLED


def test_what_happened_elsewhere_is_no_correction() -> None:
    now, task = sent()
    imke, at = now.world.imke, LATER + DAY
    action_items.report(
        task, state="in_progress", words="", new_due_on=dt.date(2027, 3, 1), version=task.version, by=imke, at=at
    )
    decisions.revoke(now.meeting.decisions.get(), reason="Kein Geld", by=imke, at=at)

    became = text(
        accept(
            now,
            objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.opening, text="Falsch", at=at),
            Correction("angenommen", "beschlossen"),
        )
    )

    before = as_content(now.minutes.versions.get(number=1).content)
    assert became["items"][0]["result"] == "Die Tagesordnung ist beschlossen."
    assert became["items"][1:] == before["items"][1:]
    assert {**became, "items": []} == {**before, "items": []}


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (Correction(), "was im Protokoll anders wird"),
        (Correction(changed_to="Neu"), "Bitte wählen Sie den Punkt"),
    ],
)
def test_answer_that_changes_nothing_is_refused(correction: Correction, words: str) -> None:
    now, _task = sent()
    objection = whole(now)

    with pytest.raises(WordsMissing, match=words):
        accept(now, objection, correction)

    objection.refresh_from_db()
    assert (objection.state, now.minutes.versions.count()) == ("open", 1)


def test_vote_of_the_organisation_goes_with_who_was_there() -> None:
    now, _task = sent()
    seen = []
    one, other = whole(now, "Ich habe Susanne vertreten."), whole(now, "Susanne war nicht da.")

    for objection, name, presence in ((one, "rolf", Presence.DEPUTY), (other, "susanne", Presence.ABSENT)):
        objections.resolve(
            objection,
            accept=True,
            resolution="Stimmt.",
            correction=Correction(attendance=(now.row(name), presence)),
            by=now.world.imke,
            at=LATER + 2 * DAY,
        )
        seen.append((now.row("susanne").casts_vote, now.row("rolf").casts_vote))

    assert seen == [(True, False), (False, True)]


def test_what_stands_there_already_is_refused() -> None:
    now, task = sent()
    objection = whole(now)

    with pytest.raises(WordsMissing, match="schon so in der Anwesenheit"):
        accept(now, objection, Correction(attendance=(now.row("rolf"), Presence.EXCUSED)))
    with pytest.raises(WordsMissing, match="an dem Auftrag anders"):
        accept(now, objection, Correction(task=TaskChange(task, task="Fahrplan")))
    with pytest.raises(WordsMissing, match="alte"):
        accept(now, objection, Correction("20. Januar", "20. Januar", item=now.bus))


def test_a_passage_may_be_struck() -> None:
    now, _task = sent()

    version = accept(now, held.contest(now), Correction(changed_from=" auch abends"))

    assert text(version)["items"][1]["result"] == "Der Rufbus fährt ab dem 20. Januar."
    assert minutes_words.items(text(version))[1].corrections[0][1] == "„ auch abends“ gestrichen."
