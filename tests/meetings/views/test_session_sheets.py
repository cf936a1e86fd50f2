"""After the meeting on one page, before it on paper; and who nobody expected."""

from __future__ import annotations

import io

import pytest
from docx import Document

from buendnisse.models import Change, Person
from meetings.domain import decisions, in_session, session
from meetings.models import ActionItem, AgendaItem, Decision
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

HOME = "/sitzungen/2026-q4-arbeit/"
LIVE = f"{HOME}sitzung/"


def paper(now: held.Held, **said: str) -> dict[str, str]:
    """The form as it was read, with what was written on the item of the bus."""
    fields: dict[str, str] = {}
    for item in AgendaItem.objects.order_by("position"):
        fields |= {f"i{item.pk}-version": str(item.version), f"i{item.pk}-result": item.result}
        fields |= {f"d{item.pk}-kind": "consensus", f"d{item.pk}-outcome": "adopted"}
        fields[f"d{item.pk}-decision_form_key"] = f"00000000-0000-4000-8000-{item.pk:012d}"
        fields[f"t{item.pk}-task_form_key"] = f"00000000-0000-4000-8001-{item.pk:012d}"
    places = {"result": "i", "text": "d", "yes": "d", "no": "d", "kind": "d", "task": "t", "owner": "t", "due_on": "t"}
    return fields | {f"{places[name]}{now.bus.pk}-{name}": value for name, value in said.items()}


def test_result_decision_and_task_are_kept_with_one_save_and_a_double_tap_is_one() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    owner = str(now.world.susanne.pk)
    fields = paper(now, result="Es fährt.", text="Der Bus fährt.", task="Fahrplan", owner=owner, due_on="2026-12-11")

    answers = [client.post(f"{HOME}nachtragen/", fields | {f"i{now.bus.pk}-version": version}) for version in "12"]

    assert [answer.status_code for answer in answers] == [302, 302]
    [decision], [task] = Decision.objects.all(), ActionItem.objects.all()
    assert (AgendaItem.objects.get(pk=now.bus.pk).result, decision.text) == ("Es fährt.", "Der Bus fährt.")
    assert (task.task, task.owner, task.organisation) == ("Fahrplan", now.world.susanne, now.world.susanne.organisation)
    page = client.get(f"{HOME}nachtragen/").content.decode()
    assert ("A-2026-01" in page, "Fahrplan" in page) == (True, True)


def test_one_mistake_saves_nothing_and_keeps_everything_typed() -> None:
    now = held.running()
    fields = paper(now, result="Es fährt.", text="Der Bus fährt.", task="Fahrplan")

    page = signed_in(now.world.imke).post(f"{HOME}nachtragen/", fields)

    text = page.content.decode()
    assert (page.status_code, page.context["wrong"]) == (200, [2])
    assert [words in text for words in ("Es fährt.", "Der Bus fährt.", "Fahrplan")] == [True, True, True]
    assert (Decision.objects.exists(), AgendaItem.objects.get(pk=now.bus.pk).result) == (False, "")


def test_counted_votes_without_attendance_are_refused_beside_a_kept_result() -> None:
    now = held.running()
    fields = paper(now, result="Es fährt.", text="Der Bus fährt.", kind="resolution", yes="2", no="0")

    page = signed_in(now.world.imke).post(f"{HOME}nachtragen/", fields)

    assert page.context["rows"][1].decision.non_field_errors() == [
        (
            "Für gezählte Stimmen fehlt die Anwesenheit. Bitte haken Sie zuerst ab, wer da ist, "
            "oder lassen Sie die Stimmen leer."
        )
    ]
    assert (Decision.objects.exists(), AgendaItem.objects.get(pk=now.bus.pk).result) == (False, "Es fährt.")


def test_circulated_minutes_refuse_and_keep_what_was_typed() -> None:
    now = held.circulated()

    page = signed_in(now.world.imke).post(f"{HOME}nachtragen/", paper(now, result="Ganz anders."))

    assert page.context["wrong"] == [2]
    assert "Ganz anders." in page.content.decode()
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Rufbus fährt ab dem 20. Januar auch abends."


def test_attendance_shows_who_is_missing_first_and_the_rest_closed() -> None:
    now = held.running()
    session.record_presence(now.row("birgit"), presence="present", by=now.world.imke, at=AT)

    groups = signed_in(now.world.imke).get(f"{HOME}anwesenheit/").context["groups"]

    found = [(str(group.title), [form.row.person.handle for form in group.forms], group.is_open) for group in groups]
    assert found == [
        ("Noch nicht erfasst", ["susanne", "corinna"], True),
        ("Schon erfasst", ["birgit"], False),
        ("Stellvertretungen", ["rolf"], False),
    ]


def test_guest_at_the_door_is_one_row_and_gets_no_mail() -> None:
    now = held.running()
    organisation = now.world.sven.organisation
    typed = {"form_key": "00000000-0000-4000-8000-000000000001", "first_name": "Femke", "last_name": "Nyland"}
    typed |= {"organisation": str(organisation.pk), "channel": "online"}
    client = signed_in(now.world.imke)

    for _tap in range(2):
        assert client.post(f"{HOME}anwesenheit/gast/", typed).status_code == 302

    person = Person.objects.get(last_name="Nyland")
    row = now.meeting.attendance.get(person=person)
    assert (row.presence, row.channel, row.casts_vote, row.is_asked) == ("guest", "online", False, False)
    assert (person.gets_mail, person.may_sign_in) == (False, False)


def test_a_member_is_no_guest() -> None:
    now = held.running()
    row = now.meeting.attendance.get(person=now.world.susanne)
    before = (row.presence, row.casts_vote, row.version)
    typed = {"form_key": "00000000-0000-4000-8000-000000000003", "organisation": row.organisation_id}
    typed |= {"first_name": row.person.first_name, "last_name": row.person.last_name, "channel": "online"}

    page = signed_in(now.world.imke).post(f"{HOME}anwesenheit/gast/", typed)

    row.refresh_from_db()
    assert f"{row.person.full_name} steht schon in der Liste." in page.content.decode()
    assert (row.presence, row.casts_vote, row.version) == before


def test_guest_without_a_name_keeps_what_was_typed() -> None:
    now = held.running()
    typed = {"form_key": "00000000-0000-4000-8000-000000000001", "first_name": "Femke", "channel": "on_site"}

    page = signed_in(now.world.imke).post(f"{HOME}anwesenheit/gast/", typed)

    assert page.context["form"].errors.keys() == {"last_name", "organisation"}
    assert 'value="Femke"' in page.content.decode()


def late(**said: str) -> dict[str, str]:
    typed = {"form_key": "00000000-0000-4000-8000-000000000002", "title": "Glatteis auf dem Schulweg"}
    return typed | {"kind": "discussion", "minutes": "10", "consent": "on"} | said


def test_late_item_needs_the_consent_of_the_room() -> None:
    now = held.running()
    client = signed_in(now.world.imke)

    refused = client.post(f"{LIVE}nachtrag/", late(consent=""))
    for _tap in range(2):
        client.post(f"{LIVE}nachtrag/", late())

    assert refused.context["form"].errors.keys() == {"consent"}
    item = AgendaItem.objects.get(title="Glatteis auf dem Schulweg")
    assert (item.state, item.is_late, item.meeting) == ("scheduled", True, now.meeting)
    assert [(change.verb, change.reason) for change in Change.objects.of(item)] == [("item.scheduled", "in_session")]


def test_late_item_with_markup_is_refused_and_nothing_typed_is_lost() -> None:
    now = held.running()

    page = signed_in(now.world.imke).post(f"{LIVE}nachtrag/", late(title="<b>Glatteis</b>"))

    assert "Bitte schreiben Sie nur Text, ohne HTML wie „&lt;b&gt;“." in page.content.decode()
    assert 'value="&lt;b&gt;Glatteis&lt;/b&gt;"' in page.content.decode()
    assert AgendaItem.objects.filter(title__contains="Glatteis").exists() is False


def test_late_item_after_the_meeting_is_refused() -> None:
    now = held.over()

    page = signed_in(now.world.imke).post(f"{LIVE}nachtrag/", late())

    assert page.context["form"].non_field_errors() == [
        "Die Sitzung läuft nicht. Ein Nachtrags-TOP entsteht nur, während sie läuft."
    ]


def test_item_that_is_put_off_goes_on_and_is_done_here() -> None:
    now = held.running()
    client = signed_in(now.world.imke)

    client.post(f"{LIVE}{now.bus.pk}/vertagen/", {"reason": "Frau Overhage ist krank."})

    item = AgendaItem.objects.get(pk=now.bus.pk)
    assert (item.state, item.reason, item.continued_by.state) == ("deferred", "Frau Overhage ist krank.", "backlog")
    assert client.get(LIVE).context["board"].item == now.opening
    assert client.post(f"{LIVE}{now.closing.pk}/vertagen/", {"reason": " "}).context["form"].errors.keys() == {"reason"}


def test_word_form_holds_what_is_known_and_room_for_the_rest() -> None:
    now = held.running()
    session.record_presence(now.row("birgit"), presence="present", by=now.world.imke, at=AT)
    decisions.adopt(now.bus, text="Der Bus fährt.", kind="consensus", by=now.world.imke, at=AT)

    answer = signed_in(now.world.imke).get(f"{HOME}mitschrift.docx")
    file = Document(io.BytesIO(answer.content))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="mitschrift-2026-q4-arbeit.docx"'
    heads = [one.text for one in file.paragraphs if one.style is not None and one.style.name == "Heading 2"]
    assert heads == [
        "Anwesenheit",
        "TOP 1: Begrüßung und Protokoll",
        "TOP 2: Rufbus am Abend",
        "TOP 3: Verschiedenes",
    ]
    rows = [[cell.text for cell in row.cells][:4] for row in file.tables[0].rows]
    assert rows[:3] == [
        ["Organisation", "Name", "Antwort", "da"],
        ["BBS", "Susanne Overhage", "keine Antwort", ""],
        ["Jobcenter", "Birgit Hanneken", "keine Antwort", "✓"],
    ]
    text = "\n".join(one.text for one in file.paragraphs)
    assert ("A-2026-01: Der Bus fährt." in text, text.count("Beschluss (Wortlaut)")) == (True, 3)
    assert (file.core_properties.language, 'w:lang w:val="de-DE"' in file.styles.element.xml) == ("de-DE", True)


def test_put_off_goes_to_the_next_meeting_that_takes_topics() -> None:
    now = held.running()
    following = MeetingFactory(
        slug="2027-q1-arbeit",
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        state="call_open",
        start=AT.replace(year=2027, month=2),
        end=AT.replace(year=2027, month=2, hour=11),
    )

    assert in_session.put_off(now.bus, reason="Später.", by=now.world.imke, at=AT).meeting == following


def test_what_is_over_offers_no_fields() -> None:
    now = held.circulated()
    desk = signed_in(now.world.imke)

    for path in ("nachtragen/", "sitzung/"):
        page = desk.get(f"/sitzungen/2026-q4-arbeit/{path}").content.decode()
        assert "Das Protokoll ist verschickt. Eine Änderung geht nur über einen Einwand." in page
        assert "<textarea" not in page.split("<main")[1]
