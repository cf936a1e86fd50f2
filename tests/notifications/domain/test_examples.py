"""Every kind of mail with example data: none is missing, none is empty, and nothing is left behind."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from buendnisse.models import Change, Organisation, Person
from meetings.domain import reminder_rules
from meetings.models import ReminderRules
from notifications.domain import examples
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.world import World

pytestmark = pytest.mark.django_db


def test_every_kind_has_its_example_and_leaves_no_trace(cast: World) -> None:
    before = (Person.objects.count(), Organisation.objects.count(), OutboxMessage.objects.count())
    for kind in MailKind:
        with transaction.atomic():
            shown = examples.show(kind)
        assert (kind, shown.mail.gone) == (kind, "")
        assert shown.mail.subject
        assert "Guten" in shown.mail.text or "Sehr geehrte" in shown.mail.text or kind == MailKind.PASSED_ON
        assert cast.imke.full_name in shown.mail.text or kind == MailKind.PASSED_ON
    assert (Person.objects.count(), Organisation.objects.count(), OutboxMessage.objects.count()) == before
    assert Change.objects.count() == 0


def test_groups_name_each_kind_once() -> None:
    assert sorted(kind for _title, kinds in examples.GROUPS for kind in kinds) == sorted(MailKind)


def test_fachstelle_looks_at_one_after_the_other(desk: Client) -> None:
    page = desk.get("/postausgang/beispiele/").content.decode()
    assert page.count("/postausgang/beispiele/") == len(MailKind)
    one = desk.get("/postausgang/beispiele/agenda/")
    assert (one.context["before"], one.context["after"]) == (MailKind.AGENDA_REVIEW, MailKind.LATE_PAPERS)
    assert "Praktika für junge Erwachsene" in desk.get("/postausgang/beispiele/agenda/html/").content.decode()
    assert desk.get("/postausgang/beispiele/gibt-es-nicht/").status_code == 404


def test_gallery_names_the_days_the_fachstelle_chose() -> None:
    ReminderRules.objects.create(pk=1, answer_before=5, together_days=1, task_before=1)
    reminder_rules.forget()
    try:
        assert examples.when(MailKind.ANSWER_REMINDER).startswith("5\N{NO-BREAK SPACE}Tage vor der Sitzung")
        assert "innerhalb von 1\N{NO-BREAK SPACE}Tag mehreres" in examples.when(MailKind.REMINDERS)
        assert examples.when(MailKind.TASK_REMINDER).startswith("1\N{NO-BREAK SPACE}Tag vor dem Termin")
        assert not any("%" in examples.when(kind) for kind in MailKind)
    finally:
        reminder_rules.forget()
