"""Who is asked about what, and where: kept by the Fachstelle, named on the pages and in the mails about a topic."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import records
from buendnisse.domain.records import RecordRefused
from buendnisse.models import Contact, Organisation, Person, Topic
from buendnisse.models.prepared import Along, Row

NOUN = "contact"


def found(words: str, *, topic: str, scope: str, at: dt.datetime) -> QuerySet[Contact]:
    """By topic, the whole district first."""
    rows = Contact.objects.select_related("person__organisation", "topic", "area")
    rows = records.with_words(
        rows,
        words,
        "person__first_name",
        "person__last_name",
        "person__organisation__name",
        "topic__name",
        "area__name",
    )
    if topic:
        rows = rows.filter(topic__slug=topic)
    order = ("topic_id", F("area__name").asc(nulls_first=True), "person__last_name", "pk")
    return records.scoped(rows, scope, at=at).order_by(*order)  # type: ignore[no-any-return]


def add(*, form_key: uuid.UUID, by: Person, at: dt.datetime, **facts: Any) -> Contact:
    """Raises RecordRefused."""
    if made := Contact.objects.filter(form_key=form_key).first():
        return made
    _require_one(facts, besides=None, at=at)
    return records.add(Contact(form_key=form_key, **facts), noun=NOUN, by=by, at=at)


def change(row: Contact, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Raises RecordRefused, StaleRecord."""
    _require_one(facts, besides=row, at=at)
    return records.change(row, facts, version=version, noun=NOUN, by=by, at=at)


def end(row: Contact, last: dt.date | None, *, by: Person, at: dt.datetime) -> bool:
    """Not asked after `last`; None brings it back."""
    return records.end(row, last, noun=NOUN, by=by, at=at)


def asked_about(topics: QuerySet[Any] | Collection[int], *, day: dt.date) -> QuerySet[Contact]:
    """All who can be asked about these topics and be reached: topic by topic, each for the whole district first."""
    rows = Contact.objects.valid_on(day).filter(topic__in=topics).exclude(phone="", email="")
    return rows.order_by("topic_id", F("area__name").asc(nulls_first=True), "pk")


#: A contact with everybody it names, for queries that are prepared.
IN_FULL = Along(contact=Contact, person=Person, person__organisation=Organisation, topic=Topic)


def read(row: Row) -> Contact:
    """A contact from the columns of `IN_FULL`."""
    contact: Contact
    contact, person, person.organisation, contact.topic = IN_FULL.rows(row)
    contact.person = person
    return contact


def _require_one(facts: dict[str, Any], *, besides: Contact | None, at: dt.datetime) -> None:
    person = facts["person"]
    if person.active_until is not None and person.active_until < local_date(at):
        raise RecordRefused(_("%s ist nicht mehr dabei.") % person.full_name, field="person")
    same = Contact.objects.valid_on(local_date(at)).filter(person=person, topic=facts["topic"], area=facts["area"])
    if same.exclude(pk=besides.pk if besides else 0).exists():
        raise RecordRefused(_("%s steht für dieses Themenfeld und Gebiet schon da.") % person.full_name, field="person")
