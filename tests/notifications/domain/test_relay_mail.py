"""Who hears of a relay, and in which words."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Person
from meetings.domain import relay, relay_reminders, relay_steer, relay_undo
from meetings.enums import DecisionState, RelayAnswerKind, RelayKind, RelayOutcome
from meetings.models import AgendaItem, Decision, Relay
from notifications.domain import desk, dispatch, render
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.notifications.snapshots import check
from tests.support.relay_scene import Scene, decide, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

AFTER = dt.datetime(2027, 3, 12, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def scene() -> Scene:
    made = set_scene()
    MembershipFactory(body=made.cast.bildung, person=made.cast.theda, role="chair")
    AgendaItem.objects.filter(pk=made.topic.pk).update(submitted_at=dt.datetime(2026, 10, 1, 8, 0, tzinfo=dt.UTC))
    return made


def told(at: dt.datetime = AT) -> list[tuple[str, str, str]]:
    """Kind, person and occasion's matter of everything dispatch writes; of several reminders in one mail, the first's."""
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    dispatch.fan_out(at=at)
    fresh = OutboxMessage.objects.exclude(pk__in=before).exclude(state=OutboxState.SUPERSEDED)
    return [
        (message.kind, message.person.handle, message.data.get("about") or message.data["parts"][0]["data"]["about"])
        for message in fresh.select_related("person").order_by("pk")
    ]


def letter(kind: MailKind, person: Person, at: dt.datetime) -> str:
    message = OutboxMessage.objects.filter(kind=kind, person=person).select_related("person__organisation").latest("pk")
    rendered = render.render(message, at=at)
    assert rendered.html
    return f"{rendered.subject}\n\n{rendered.text}"


def test_request_goes_to_the_targets_chair_only(scene: Scene) -> None:
    hand_over(scene)

    assert told() == [(MailKind.RELAY, "birgit", "sent")]


def test_unit_hears_by_its_person_and_a_body_outside_not_at_all(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    hand_over(scene, to=scene.unit)
    hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)

    assert told() == [(MailKind.RELAY, "hedwig", "sent")]


def test_draft_is_told_to_nobody(scene: Scene) -> None:
    hand_over(scene, as_draft=True)

    assert told() == []


def test_answer_goes_to_the_proposer_and_the_chair_at_home(scene: Scene) -> None:
    item = relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    told()
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)

    assert told(AFTER) == [
        (MailKind.RELAY_ANSWER, "susanne", "answered"),
        (MailKind.RELAY_ANSWER, "theda", "answered"),
    ]


def answered_and_told(scene: Scene) -> Relay:
    item = relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)
    told(AFTER)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    return Relay.objects.get()


def put_right(one: Relay, kind: RelayAnswerKind, words: str = "") -> None:
    by, version = Person.objects.get(office="fachstelle"), Relay.objects.get(pk=one.pk).version
    relay.correct(one, reply=relay.Reply(kind, words), version=version, by=by, at=AFTER)


def test_corrected_answer_is_told_to_those_who_asked_once(scene: Scene) -> None:
    one = answered_and_told(scene)
    put_right(one, RelayAnswerKind.PARTIAL)
    put_right(one, RelayAnswerKind.CONDITIONAL, "Das gilt, solange das Land die Hälfte zahlt.")

    assert told(AFTER) == [
        (MailKind.RELAY_ANSWER, "susanne", "corrected"),
        (MailKind.RELAY_ANSWER, "theda", "corrected"),
    ]
    assert told(AFTER) == []
    check("relay_corrected", letter(MailKind.RELAY_ANSWER, scene.cast.susanne, AFTER))


def test_correction_that_overtakes_the_answer_is_told_with_it(scene: Scene) -> None:
    item = relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)
    told(AFTER)
    put_right(Relay.objects.get(), RelayAnswerKind.CONDITIONAL, "Das gilt, solange das Land die Hälfte zahlt.")
    told(AFTER)

    said = letter(MailKind.RELAY_ANSWER, scene.cast.susanne, AFTER)
    assert said.splitlines()[0] == ("Bildung: Antwort aus Arbeit, mit Bedingungen, „Kinderbetreuung während der Kurse“")
    assert "Betreuung fehlt vor allem ab 16 Uhr.\n\nDas gilt, solange das Land die Hälfte zahlt." in said
    assert "Berichtigung" not in said


def test_correction_that_was_put_back_is_not_told(scene: Scene) -> None:
    one = answered_and_told(scene)
    put_right(one, RelayAnswerKind.PARTIAL)
    told(AFTER)
    put_right(one, RelayAnswerKind.FULL)
    told(AFTER)

    with pytest.raises(NothingToSay):
        letter(MailKind.RELAY_ANSWER, scene.cast.susanne, AFTER)


def test_corrected_words_of_a_unit_are_told_whole(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Zwei Plätze.", by=scene.cast.imke, at=AFTER)
    told(AFTER)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    put_right(sent, RelayAnswerKind.FULL, "Drei Plätze.")
    told(AFTER)

    said = letter(MailKind.RELAY_ANSWER, scene.cast.theda, AFTER)
    assert "Die Antwort aus KMT gilt ohne Einschränkung." in " ".join(said.split())
    assert "Sie lautet:\n  Drei Plätze." in said


def test_not_ours_is_told_at_home(scene: Scene) -> None:
    sent = hand_over(scene)
    told()
    relay.decline(sent, reason="Dafür ist die Gemeinde zuständig.", by=scene.cast.imke, at=AFTER)

    assert told(AFTER) == [
        (MailKind.RELAY_ANSWER, "susanne", "declined"),
        (MailKind.RELAY_ANSWER, "theda", "declined"),
    ]


def test_outcome_is_told_once(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    relay.record_outcome(sent, outcome=RelayOutcome.APPROVED, on=dt.date(2026, 12, 8), by=scene.cast.imke, at=AFTER)

    assert [kind for kind, _person, _about in told(AFTER)] == [MailKind.RELAY_ANSWER, MailKind.RELAY_ANSWER]


def test_request_that_never_left_is_not_taken_back_by_mail(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.withdraw(sent, reason="Erledigt.", by=scene.cast.imke, at=AT)
    told()

    with pytest.raises(NothingToSay):
        letter(MailKind.RELAY, scene.cast.birgit, AT)


def reminders(sent: Relay, moments: list[dt.datetime]) -> list[list[tuple[str, str]]]:
    """Who is reminded in the rings at these moments, and how."""
    told()
    found = []
    for at in moments:
        relay_reminders.remind(at=at)
        found.append([(person, about) for _kind, person, about in told(at)])
    return found


MORNINGS = [dt.datetime(2026, 12, day, 6, 0, tzinfo=dt.UTC) for day in (8, 16)]


def test_reminders_come_seven_days_before_and_a_day_after_once_each(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    moments = [dt.datetime(2026, 12, day, hour, 0, tzinfo=dt.UTC) for day in (8, 16) for hour in (5, 6, 6)]

    assert reminders(sent, moments) == [[], [("birgit", "before")], [], [], [("birgit", "late")], []]


def test_a_new_due_date_is_told_and_reminded_anew(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    assert reminders(sent, MORNINGS) == [[("birgit", "before")], [("birgit", "late")]]
    OutboxMessage.objects.update(state=OutboxState.SENT)

    moved_at = dt.datetime(2026, 12, 17, 9, 0, tzinfo=dt.UTC)
    relay_steer.move_due(sent, due_on=dt.date(2027, 1, 12), by=scene.cast.imke, at=moved_at)

    assert told(moved_at) == [(MailKind.RELAY, "birgit", "moved")]
    said = letter(MailKind.RELAY, scene.cast.birgit, moved_at)
    assert "Neue Frist, Bitte aus Bildung" in said.splitlines()[0]
    assert "für Ihre Antwort gilt eine neue Frist: 12. Januar 2027. Sonst ändert sich nichts." in " ".join(said.split())
    mornings = [dt.datetime(2027, 1, day, 6, 0, tzinfo=dt.UTC) for day in (4, 5, 6, 13, 14)]
    assert reminders(sent, mornings) == [[], [("birgit", "before")], [], [("birgit", "late")], []]


def test_a_near_new_due_date_is_not_told_twice(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    moved_at = dt.datetime(2026, 12, 17, 9, 0, tzinfo=dt.UTC)
    relay_steer.move_due(sent, due_on=dt.date(2026, 12, 20), by=scene.cast.imke, at=moved_at)

    later = [moved_at + dt.timedelta(days=days) for days in (0, 1, 4)]
    assert reminders(sent, later) == [[("birgit", "moved")], [], [("birgit", "late")]]


def test_a_due_date_put_back_at_once_is_not_told(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    relay_steer.move_due(sent, due_on=dt.date(2026, 12, 20), by=scene.cast.imke, at=AT)
    told()
    step = relay_undo.last_step(sent, at=AT)
    assert step is not None
    relay_undo.take_back(sent, step=step.pk, by=scene.cast.imke, at=AT)

    with pytest.raises(NothingToSay):
        letter(MailKind.RELAY, scene.cast.birgit, AT)


def test_what_nobody_took_up_is_a_reminder_to_the_fachstelle(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))

    assert reminders(sent, MORNINGS) == [[("imke", "ours_before")], [("imke", "ours_late")]]


def test_unit_is_reminded_by_its_person(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    Person.objects.filter(pk=scene.cast.hedwig.pk).update(email="hedwig@kmt.example")
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))

    assert reminders(sent, MORNINGS) == [[("hedwig", "before")], [("hedwig", "late")]]


def test_unit_nobody_speaks_for_is_a_reminder_to_the_fachstelle(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))

    assert reminders(sent, MORNINGS) == [[("imke", "ours_before")], [("imke", "ours_late")]]
    assert "Für KMT spricht gerade niemand. Bitte fragen Sie dort nach." in letter(
        MailKind.RELAY, scene.cast.imke, MORNINGS[-1]
    )


def test_after_the_date_the_fachstelle_asks_a_body_outside(scene: Scene) -> None:
    to = {"to": scene.committee, "kind": RelayKind.RECOMMENDATION_EXTERNAL}
    sent = hand_over(scene, **to, due_on=dt.date(2026, 12, 15))
    relay.acknowledge(sent, by=scene.cast.imke, at=AT)

    assert reminders(sent, MORNINGS) == [[], [("imke", "ours_late")]]


def test_who_reads_no_mail_is_rung_up(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    Person.objects.filter(pk=scene.cast.birgit.pk).update(mail_format="none", phone="00000 4711")

    def calls(at: dt.datetime) -> list[str]:
        found = desk.desk(at=at)
        return [line.why for line in (*found.week, *found.later) if "anrufen" in line.why]

    assert calls(MORNINGS[0] - dt.timedelta(minutes=1)) == []
    assert reminders(sent, MORNINGS[:1]) == [[("imke", "ours_before")]]
    words = " ".join(letter(MailKind.RELAY, scene.cast.imke, MORNINGS[0]).split())
    assert "bekommt keine E-Mail. Bitte rufen Sie an. Telefon 00000 4711." in words
    assert [words.endswith("Keine E-Mail. Telefon 00000 4711.") for words in calls(MORNINGS[0])] == [True]


def test_a_week_without_a_worker_makes_up_for_one_reminder(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))

    assert reminders(sent, [dt.datetime(2026, 12, 17, 9, 0, tzinfo=dt.UTC)] * 2) == [[("imke", "ours_late")], []]


def test_a_month_without_a_worker_makes_up_for_none(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))

    assert reminders(sent, [dt.datetime(2027, 1, 20, 9, 0, tzinfo=dt.UTC)]) == [[]]


def test_reminder_falls_away_where_the_answer_came_first(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    Person.objects.filter(pk=scene.cast.hedwig.pk).update(email="hedwig@kmt.example")
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))
    assert reminders(sent, MORNINGS[:1]) == [[("hedwig", "before")]]
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=MORNINGS[0])

    with pytest.raises(NothingToSay):
        letter(MailKind.RELAY, scene.cast.hedwig, MORNINGS[0])


def test_reminder_to_the_fachstelle_in_words(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 15))
    assert reminders(sent, MORNINGS[:1]) == [[("imke", "ours_before")]]

    check("relay_ours", letter(MailKind.RELAY, scene.cast.imke, MORNINGS[0]))


def test_what_was_answered_is_not_reminded(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT)

    assert relay_reminders.remind(at=dt.datetime(2026, 12, 16, 12, 0, tzinfo=dt.UTC)) == 0


def test_request_in_words(scene: Scene) -> None:
    hand_over(scene)
    told()

    check("relay", letter(MailKind.RELAY, scene.cast.birgit, AT))


def test_answer_in_words(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    at = dt.datetime(2026, 12, 4, 8, 0, tzinfo=dt.UTC)
    relay.answer_from_decision(decide(item, number="A-2026-14"), by=scene.cast.imke, at=at)
    told(at)

    check("relay_answer", letter(MailKind.RELAY_ANSWER, scene.cast.susanne, at))
    assert Relay.objects.get().state == "returned"


def test_a_no_in_words(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    at = dt.datetime(2026, 12, 4, 8, 0, tzinfo=dt.UTC)
    no = decide(item, number="A-2026-14", state="rejected", meeting=scene.arbeit_december)
    relay.answer_from_decision(no, by=scene.cast.imke, at=at)
    told(at)

    check("relay_answer_no", letter(MailKind.RELAY_ANSWER, scene.cast.susanne, at))


def fell(scene: Scene) -> None:
    day = dt.date(2026, 11, 20)
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.REVOKED, revoked_on=day)


def test_who_is_asked_hears_that_a_question_runs_on_without_its_decision(scene: Scene) -> None:
    sent = hand_over(scene)
    told()
    OutboxMessage.objects.update(state=OutboxState.SENT)
    fell(scene)
    relay_steer.keep(
        Relay.objects.select_related("source_decision", "source", "target").get(), by=scene.cast.imke, at=AT
    )

    assert told() == [(MailKind.RELAY, "birgit", "kept")]
    said = letter(MailKind.RELAY, scene.cast.birgit, AT).replace("\N{NO-BREAK SPACE}", " ")
    heading = "Arbeit, 03.12.2026: Die Frage bleibt, Bitte aus Bildung, „Kinderbetreuung während der Kurse“"
    assert said.splitlines()[0] == heading
    assert said.count("Bitte beachten Sie: B-2026-02 wurde am 20. November 2026 aufgehoben.") == 1
    step = relay_undo.last_step(sent, at=AT)
    assert step is not None
    relay_undo.take_back(sent, step=step.pk, by=scene.cast.imke, at=AT)
    with pytest.raises(NothingToSay):
        letter(MailKind.RELAY, scene.cast.birgit, AT)


@pytest.mark.parametrize(
    ("to", "kind", "then"),
    [
        (
            "committee",
            RelayKind.RECOMMENDATION_EXTERNAL,
            (
                "Geben Sie es dort weiter, und vermerken Sie, wenn es angekommen ist. "
                "Bitte sprechen Sie mit Imke Albers ab, wer das tut."
            ),
        ),
        (
            "unit",
            RelayKind.OPINION_REQUESTED,
            "Die Antwort kommt als Text. Ohne Antwort erinnert das Programm am 10. April.",
        ),
    ],
)
def test_copy_for_a_colleague_speaks_to_a_colleague(scene: Scene, to: str, kind: RelayKind, then: str) -> None:
    jonas = PersonFactory(office="fachstelle", organisation=scene.cast.imke.organisation)
    body = getattr(scene, to)
    hand_over(scene, to=body, kind=kind)
    told()

    said = " ".join(letter(MailKind.RELAY, jonas, AT).replace("\N{NO-BREAK SPACE}", " ").split())
    assert f"das Arbeitsbündnis Bildung wendet sich an {body.name}. Sie bekommen diese Kopie" in said
    assert said.partition("So geht es weiter ")[2].lstrip("- ").partition(" Den ganzen Weg")[0] == then
    assert said.count("Antworten Sie einfach auf diese E-Mail") == 0
