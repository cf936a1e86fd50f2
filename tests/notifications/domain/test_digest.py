"""At most one letter a person, never an empty one, and in it only what she may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, Via
from buendnisse.models import Body, Change, FurtherAddress, Person
from meetings.domain import cancellation, notices, planning, relay
from meetings.enums import CircularState, Happened, MinutesState, NoticeState, RelayKind
from meetings.models import AgendaItem, Attendance, Ballot, CircularVote, CircularVoter, Minutes, Notice
from notifications.domain import digest, render
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import DigestWindow, OutboxMessage
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory
from tests.notifications.snapshots import check
from tests.support.relay_scene import Scene, decide, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

MONDAY = automatic_mail_time(dt.date(2026, 11, 30))
WINDOW = MONDAY - dt.timedelta(minutes=1)
IN_BETWEEN = AT + dt.timedelta(days=2)


@pytest.fixture
def scene() -> Scene:
    """The installation has seen its first Monday, so that the next one is told."""
    made = set_scene()
    digest.write(at=AT)
    return made


def handles() -> list[str]:
    letters = OutboxMessage.objects.filter(kind=MailKind.DIGEST).order_by("pk")
    return list(letters.values_list("person__handle", flat=True))


def letter(person: Person, at: dt.datetime = MONDAY) -> str:
    message = OutboxMessage.objects.select_related("person__organisation").get(kind=MailKind.DIGEST, person=person)
    rendered = render.render(message, at=at)
    assert rendered.letter.unsubscribe_url in rendered.html
    return f"{rendered.subject}\n\n{rendered.text}"


def happened(
    verb: Happened, thing: AgendaItem | CircularVote | Minutes, body: Body, at: dt.datetime = IN_BETWEEN
) -> None:
    with transaction.atomic():
        journal.record(verb, thing, at=at, by=None, via=Via.WEB, body=body)


def new_topic(scene: Scene, title: str = "Schichtfahrgemeinschaften", at: dt.datetime = IN_BETWEEN) -> AgendaItem:
    item: AgendaItem = AgendaItemFactory(meeting=scene.arbeit_march, title=title, state="accepted")
    happened(Happened.ITEM_ACCEPTED, item, scene.cast.arbeit, at)
    return item


def invite(scene: Scene, person: Person) -> None:
    Attendance.objects.create(
        meeting=scene.arbeit_december, person=person, organisation=person.organisation, role="member"
    )
    with transaction.atomic():
        journal.record(Happened.MEETING_INVITED, scene.arbeit_december, at=IN_BETWEEN, by=None, body=scene.cast.arbeit)


# --- When, and to whom ----------------------------------------------------------------------------


def test_first_monday_an_installation_sees_is_not_told() -> None:
    made = set_scene()
    new_topic(made, at=AT - dt.timedelta(days=3))

    assert (digest.write(at=AT), handles()) == (0, [])


def test_cancellation_taken_back_is_no_news(scene: Scene) -> None:
    planning.cancel(scene.arbeit_march, reason="Glatteis.", by=scene.cast.imke, at=IN_BETWEEN)
    cancellation.restore(scene.arbeit_march, by=scene.cast.imke, at=IN_BETWEEN)

    assert (digest.write(at=MONDAY), handles()) == (0, [])


def test_cancellation_a_letter_told_is_taken_back_by_a_letter(scene: Scene) -> None:
    planning.cancel(scene.arbeit_march, reason="Glatteis.", by=scene.cast.imke, at=IN_BETWEEN)
    told = digest.write(at=MONDAY)
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=MONDAY)
    cancellation.restore(scene.arbeit_march, by=scene.cast.imke, at=MONDAY + dt.timedelta(days=1))
    week = MONDAY + dt.timedelta(days=7)

    assert (told, digest.write(at=week)) == (3, 3)
    message = OutboxMessage.objects.get(person=scene.cast.birgit, state=OutboxState.WAITING)
    assert "Die Sitzung findet doch statt: Donnerstag, 11. März 2027" in render.render(message, at=week).text


def test_own_body_hears_of_a_new_topic(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY)

    assert handles() == ["birgit", "susanne", "rolf"]


def test_nothing_new_is_no_letter(scene: Scene) -> None:
    assert (digest.write(at=MONDAY), handles()) == (0, [])


def test_second_ring_writes_nothing(scene: Scene) -> None:
    new_topic(scene)

    assert [digest.write(at=MONDAY), digest.write(at=MONDAY), digest.write(at=MONDAY + dt.timedelta(days=3))] == [
        3,
        0,
        0,
    ]


def test_before_seven_nothing_is_written(scene: Scene) -> None:
    new_topic(scene)

    assert digest.write(at=MONDAY - dt.timedelta(seconds=1)) == 0


def test_long_gap_is_one_letter_with_all_of_it(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    new_topic(scene, "Zweites Thema", MONDAY + dt.timedelta(days=2))
    new_topic(scene, "Drittes Thema", MONDAY + dt.timedelta(days=16))
    OutboxMessage.objects.filter(person=scene.cast.rolf).delete()
    digest.write(at=MONDAY + dt.timedelta(days=21))

    birgit = OutboxMessage.objects.filter(person=scene.cast.birgit).latest("pk")
    assert handles().count("birgit") == 2
    assert dt.datetime.fromisoformat(birgit.data["since"]) == WINDOW


def test_monday_that_was_missed_is_told_on_the_day_it_rings(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY + dt.timedelta(days=3))

    assert handles() == ["birgit", "susanne", "rolf"]


def test_letter_that_never_came_is_told_again(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY)
    OutboxMessage.objects.update(state=OutboxState.FAILED)
    new_topic(scene, "Zweites Thema", MONDAY + dt.timedelta(days=2))
    digest.write(at=MONDAY + dt.timedelta(days=7))

    again = OutboxMessage.objects.filter(person=scene.cast.birgit).latest("pk")
    assert dt.datetime.fromisoformat(again.data["since"]) == WINDOW - dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("rhythm", "day", "comes"),
    [
        (DigestRhythm.NEVER, dt.date(2026, 12, 7), False),
        (DigestRhythm.MONTHLY, dt.date(2026, 11, 30), False),
        (DigestRhythm.MONTHLY, dt.date(2026, 12, 7), True),
    ],
)
def test_rhythm_is_kept(scene: Scene, rhythm: str, day: dt.date, *, comes: bool) -> None:
    Person.objects.filter(pk=scene.cast.birgit.pk).update(digest=rhythm)
    new_topic(scene)
    digest.write(at=automatic_mail_time(day))

    assert ("birgit" in handles()) is comes


def test_fachstelle_guests_strangers_and_admins_get_none(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY)

    assert {"imke", "corinna", "sven", "lueder"} & set(handles()) == set()


def test_who_has_left_gets_none(scene: Scene) -> None:
    Person.objects.filter(pk=scene.cast.birgit.pk).update(active_until=dt.date(2026, 11, 25))
    new_topic(scene)
    digest.write(at=MONDAY)

    assert handles() == ["susanne", "rolf"]


# --- What -----------------------------------------------------------------------------------------


def test_answer_comes_to_the_body_that_asked_and_to_nobody_else(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=IN_BETWEEN)
    digest.write(at=MONDAY)

    assert "Antwort aus Arbeit" in letter(scene.cast.susanne)
    assert "Antwort aus Arbeit" not in letter(scene.cast.birgit)


def test_what_was_only_for_information_is_told_when_noted(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    relay.answer_with_text(sent, words="", by=scene.cast.imke, at=IN_BETWEEN)
    digest.write(at=MONDAY)

    assert "Arbeitsbündnis Arbeit hat es zur Kenntnis genommen." in letter(scene.cast.susanne).replace("\n", " ")


def test_others_read_what_was_agreed_once_the_minutes_are_out(scene: Scene) -> None:
    minutes = Minutes.objects.create(meeting=scene.bildung_november, state=MinutesState.CIRCULATED)
    happened(Happened.MINUTES_CIRCULATED, minutes, scene.cast.bildung)
    digest.write(at=MONDAY)

    assert "hedwig" in handles()
    assert "(B-2026-02)" in letter(scene.cast.hedwig)
    assert "Das Protokoll vom 11. November ist da." in letter(scene.cast.susanne)


def test_others_read_what_is_on_the_agenda_once_it_is_sent(scene: Scene) -> None:
    secret = AgendaItemFactory(meeting=scene.arbeit_december, title="Personal", position=1)
    secret.confidential_to.add(scene.cast.birgit.organisation)
    for place, title in enumerate(("Pflege", "Rufbus", "Praktikum", "Gespräche", "Kriterien", "Wohnen"), start=2):
        AgendaItemFactory(meeting=scene.arbeit_december, title=title, position=place)
    happened(Happened.MEETING_INVITED, scene.arbeit_december, scene.cast.arbeit)  # type: ignore[arg-type]
    digest.write(at=MONDAY)

    told = letter(scene.cast.hedwig)
    line = "- Auf der Tagesordnung: „Pflege“, „Rufbus“, „Praktikum“, „Gespräche“ und zwei mehr."
    assert "Arbeit, nächste Sitzung Donnerstag, 3. Dezember 2026, 10:00 Uhr" in told.replace("\xa0", " ")
    assert line in " ".join(told.split())
    assert told.count("Dazu etwas sagen:") == 1
    assert "Dazu etwas sagen" not in letter(scene.cast.theda)  # the Dezernat reads


def test_page_to_read_more_follows_a_notice(scene: Scene) -> None:
    said = {"text": "Neuer Kurs", "valid_until": dt.date(2027, 1, 11), "web_address": "https://kurs.example/"}
    made = notices.submit(bodies=[scene.cast.gesellschaft], by=scene.cast.birgit, at=AT, **said)  # type: ignore[arg-type]
    notices.release(made, by=scene.cast.imke, at=IN_BETWEEN)
    digest.write(at=MONDAY)

    told = " ".join(letter(scene.cast.hedwig).split())
    assert "- Neuer Kurs (Jobcenter). Mehr dazu: https://kurs.example/" in told


def test_confidential_topic_is_told_to_nobody_outside(scene: Scene) -> None:
    item = new_topic(scene)
    item.confidential_to.add(scene.cast.birgit.organisation)
    digest.write(at=MONDAY)

    assert handles() == ["birgit"]


def test_notice_reaches_its_bodies_while_it_is_valid(scene: Scene) -> None:
    for text, until in (("Neuer Kurs ab Januar.", dt.date(2027, 1, 11)), ("Vorbei.", dt.date(2026, 11, 29))):
        notice = Notice.objects.create(
            text=text,
            state=NoticeState.RELEASED,
            valid_until=until,
            from_organisation=scene.cast.birgit.organisation,
            submitted_at=IN_BETWEEN,
            released_at=IN_BETWEEN,
        )
        notice.bodies.set([scene.cast.gesellschaft])
    digest.write(at=MONDAY)

    assert handles() == ["hedwig", "theda"]
    assert "- Neuer Kurs ab Januar (Jobcenter)." in letter(scene.cast.hedwig)
    assert "Vorbei." not in letter(scene.cast.hedwig)


def test_old_question_alone_is_no_letter(scene: Scene) -> None:
    invite(scene, scene.cast.susanne)
    digest.write(at=MONDAY)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    scene.arbeit_december.start += dt.timedelta(days=30)
    scene.arbeit_december.end += dt.timedelta(days=30)
    scene.arbeit_december.save()
    digest.write(at=MONDAY + dt.timedelta(days=7))

    assert handles().count("susanne") == 1


def test_task_comes_up_in_the_week_it_is_due(scene: Scene) -> None:
    item = AgendaItemFactory(meeting=scene.arbeit_december)
    ActionItemFactory(agenda_item=item, owner=scene.cast.hedwig, due_on=dt.date(2026, 12, 4))
    digest.write(at=MONDAY)

    assert handles() == ["hedwig"]
    assert "Ihre Aufgabe bis 4. Dezember 2026" in letter(scene.cast.hedwig)


def test_further_address_reads_the_same_and_can_do_nothing(scene: Scene) -> None:
    FurtherAddress.objects.create(person=scene.cast.susanne, address="vorzimmer@bbs.example", gets_copy=True)
    FurtherAddress.objects.create(person=scene.cast.susanne, address="zuhause@bbs.example")
    invite(scene, scene.cast.susanne)
    new_topic(scene)
    digest.write(at=MONDAY)

    (copy,) = OutboxMessage.objects.filter(kind=MailKind.COPY).select_related("person__organisation", "copy_to")
    read = render.render(copy, at=MONDAY)
    words = " ".join(read.text.split())
    assert (read.to_address, read.subject) == (
        "vorzimmer@bbs.example",
        "Wochenbrief, 30.11.2026, Susanne Overhage: Zur Kenntnis",
    )
    assert "Kommen Sie am 3. Dezember?" in words
    assert "Neues Thema für den 11. März 2027: „Schichtfahrgemeinschaften“." in words
    own = letter(scene.cast.susanne)
    assert (own.count("/antwort/"), own.count("/sitzung/")) == (1, 2)  # the agenda, and the meeting of the topic
    assert [
        address for address in ("/antwort/", "/sitzung/", "/einstellungen/", "/abbestellen/") if address in read.html
    ] == []


def test_vote_by_mail_is_asked_and_its_end_is_told(scene: Scene) -> None:
    vote = CircularVote.objects.create(
        number="U-A-2026-01",
        alliance=scene.cast.arbeit,
        subject="Logo für den Flyer",
        text="Wir nehmen das zweite Logo.",
        opened_on=dt.date(2026, 11, 25),
        opened_at=IN_BETWEEN,
        closes_on=dt.date(2026, 12, 2),
        state=CircularState.CIRCULATING,
    )
    voter = CircularVoter.objects.create(vote=vote, organisation=scene.cast.susanne.organisation)
    Ballot.objects.create(vote=vote, voter=voter, person=scene.cast.susanne)
    happened(Happened.CIRCULAR_OPENED, vote, scene.cast.arbeit)
    digest.write(at=MONDAY)

    asked, told = letter(scene.cast.susanne), letter(scene.cast.birgit)
    assert "Ihr Wochenbrief, 30.11.2026: Bitte abstimmen bis 2. Dezember 2026" in asked
    assert "Bis 2. Dezember 2026 läuft eine Abstimmung per E-Mail: „Logo für den Flyer“." in " ".join(told.split())
    assert (asked.count("Logo für den Flyer"), "hedwig" in handles()) == (1, False)

    OutboxMessage.objects.update(state=OutboxState.SENT)
    CircularVote.objects.filter(pk=vote.pk).update(state=CircularState.ADOPTED)
    happened(Happened.CIRCULAR_CLOSED, vote, scene.cast.arbeit, MONDAY + dt.timedelta(days=3))
    week = MONDAY + dt.timedelta(days=7)
    digest.write(at=week)
    new = {
        message.person_id: " ".join(render.render(message, at=week).text.split())
        for message in OutboxMessage.objects.filter(state=OutboxState.WAITING).select_related("person__organisation")
    }
    assert "Abstimmung per E-Mail „Logo für den Flyer“: angenommen." in new[scene.cast.birgit.pk]
    assert "Per E-Mail verabredet: Wir nehmen das zweite Logo. (U-A-2026-01)" in new[scene.cast.hedwig.pk]


def test_ring_that_died_after_some_letters_goes_on_where_it_was(scene: Scene) -> None:
    new_topic(scene)
    digest.write(at=MONDAY)
    Change.objects.filter(verb=Happened.DIGEST_CLOSED).order_by("-pk")[0].delete()
    OutboxMessage.objects.filter(person=scene.cast.rolf).delete()
    DigestWindow.objects.filter(person=scene.cast.rolf).delete()

    assert (digest.write(at=MONDAY + dt.timedelta(minutes=3)), sorted(handles())) == (1, ["birgit", "rolf", "susanne"])


def test_letter_whose_news_is_gone_is_not_sent(scene: Scene) -> None:
    item = new_topic(scene)
    digest.write(at=MONDAY)
    item.state = "declined"
    item.save()

    with pytest.raises(NothingToSay):
        letter(scene.cast.rolf)


def test_letter_in_words(scene: Scene) -> None:
    invite(scene, scene.cast.susanne)
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Die Übersicht liegt bei.", by=scene.cast.imke, at=IN_BETWEEN)
    new_topic(scene)
    digest.write(at=MONDAY)

    check("digest", letter(scene.cast.susanne))


@pytest.mark.parametrize("state", [OutboxState.WAITING, OutboxState.STOPPED, OutboxState.FAILED])
def test_news_of_a_letter_that_never_left_stands_in_the_next(scene: Scene, state: OutboxState) -> None:
    new_topic(scene, "Schichtfahrgemeinschaften")
    digest.write(at=MONDAY)
    OutboxMessage.objects.filter(kind=MailKind.DIGEST).update(state=state)
    following = MONDAY + dt.timedelta(days=7)
    new_topic(scene, "Rufbus am Abend", at=MONDAY + dt.timedelta(days=2))

    digest.write(at=following)

    message = OutboxMessage.objects.select_related("person__organisation").get(
        kind=MailKind.DIGEST, person=scene.cast.susanne, occasion__endswith="2026-12-07"
    )
    text = render.render(message, at=following).text
    assert [title in text for title in ("Schichtfahrgemeinschaften", "Rufbus am Abend")] == [True, True]
