"""From a waiting message to subject, text, HTML and at last to bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.domain import addresses
from buendnisse.enums import LinkPurpose, MailFormat
from buendnisse.models import Contact, Installation, Person
from meetings.domain import whom_to_ask
from meetings.domain.whom_to_ask import Matter
from notifications.domain import batch, own_words, returns, stencil, styles, urls_for
from notifications.domain.letter import Letter
from notifications.domain.letters import compose
from notifications.domain.stencil import Written
from notifications.enums import MailKind
from notifications.imip.envelope import Mail, Unsubscribe, to_bytes
from notifications.imip.event import AddressRefused, Party
from notifications.models import OutboxMessage

#: No settings link, no "not for me": no trace of a person, or an address that is not proven yet or theirs no longer.
_WITHOUT_LINKS = frozenset({MailKind.CODE, MailKind.PASSED_ON, MailKind.ADDRESS_CHECK, MailKind.ADDRESS_CHANGED})
#: A code is for whoever stands before the page, mail passed on goes to the Fachstelle, and the letter with news
#: has no query to spare: it greets its reader by name.
_FOR_ONE = frozenset({MailKind.CODE, MailKind.PASSED_ON, MailKind.DIGEST})


@dataclass(frozen=True)
class Rendered:
    """One letter as it would leave now."""

    letter: Letter
    subject: str
    text: str
    html: str
    to_name: str
    to_address: str


def house() -> Installation:
    """Whose letters these are; read once a batch."""
    return Installation.objects.select_related("writer__organisation").filter(pk=1).first() or Installation()


def render(message: OutboxMessage, *, at: dt.datetime, installation: Installation | None = None) -> Rendered:
    """Subject, text and HTML as of `at`. Raises NothingToSay where the occasion is over."""
    return dress(compose(message, at), message, at=at, installation=installation)


def dress(
    letter: Letter, message: OutboxMessage, *, at: dt.datetime, installation: Installation | None = None
) -> Rendered:
    """The letter with everything that stands around it, for whom `message` is."""
    person = message.person
    address = message.copy_to.address if message.copy_to else person.email
    context = {**_frame(message, at, installation or house()), **letter.context}
    context["contact"] = _contact(letter.matter, person, at=at)
    introduction = message.data.get(own_words.INTRODUCTION, "")
    has_html = person.mail_format == MailFormat.HTML_AND_TEXT
    subject, text, html = stencil.write(
        context,
        lambda these: _write(letter.template, these, introduction=introduction, has_html=has_html),
        kind=(letter.template, introduction, has_html),
    )
    subject = _for_whom(subject, message)
    if letter.calendar and not has_html:
        html = _bare(subject, text)
    if letter.to is not None:
        return Rendered(letter, subject, text, html, letter.to.name, letter.to.address)
    return Rendered(letter, subject, text, html, person.full_name, address)


def _write(template: str, context: Mapping[str, Any], *, introduction: str, has_html: bool) -> Written:
    """What the three templates make of it."""
    own = {"greeting": context["person"].greeting, "words": introduction}
    subject = " ".join(_text(f"mail/{template}.subject.txt", context).split())
    text = own_words.in_text(_text(f"mail/{template}.body.txt", context), **own)
    if not has_html:
        return Written(subject, text, "")
    page = get_template(f"mail/{template}.body.html").render({**context, "subject": subject})
    return Written(subject, text, styles.inline(own_words.in_html(page, **own)))


def _for_whom(subject: str, message: OutboxMessage) -> str:
    """Where several people read one mailbox, each mail says for whom it is before it is opened."""
    person = message.person
    if message.copy_to_id is not None or message.kind in _FOR_ONE:
        return subject
    readers = batch.people() or {person.pk: person}
    shared = batch.once("shared mailboxes", lambda: addresses.shared([one.email for one in readers.values()]))
    if person.email.lower() not in shared:
        return subject
    return _("Für %(name)s: %(subject)s") % {"name": person.full_name, "subject": subject}


def _contact(matter: Matter | None, person: Person, *, at: dt.datetime) -> Contact | None:
    """Who is asked about the matter; nobody is told to ask themselves."""
    if matter is None:
        return None
    key = ("contact", matter._meta.model_name, matter.pk)
    found = batch.once(key, lambda: whom_to_ask.about(matter, at=at))
    return found if found is not None and found.person_id != person.pk else None


def _bare(subject: str, text: str) -> str:
    """The plain text as the simplest HTML: calendar mail needs an HTML part for Outlook to show its buttons."""
    page = (
        '<!DOCTYPE html><html lang="de"><title>{}</title><body><pre style="white-space:pre-wrap">{}</pre></body></html>'
    )
    return format_html(page, subject, text)


def freeze(
    message: OutboxMessage, rendered: Rendered, *, at: dt.datetime, installation: Installation | None = None
) -> bytes:
    """The bytes that leave, under `message.message_id`. The same input gives the same bytes."""
    letter = rendered.letter
    part = letter.calendar
    mail = Mail(
        sender=Party(settings.ORGANIZER_EMAIL, settings.ORGANIZER_NAME),
        to=Party(rendered.to_address, rendered.to_name),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html or None,
        message_id=message.message_id,
        date=at,
        calendar=part.data if part else None,
        calendar_method=part.method if part else None,
        in_reply_to=(part.in_reply_to or None) if part else None,
        references=(part.in_reply_to,) if part and part.in_reply_to else (),
        attachments=[(a.file_name, a.content_type, a.data) for a in letter.attachments],
        reply_to=None if part else letter.reply_to or _office(installation or house()),
        list_unsubscribe=Unsubscribe(letter.unsubscribe_url) if letter.unsubscribe_url else None,
        list_id=f"wochenbrief.{returns.domain()}" if letter.unsubscribe_url else None,
    )
    return to_bytes(mail)


def _office(installation: Installation) -> Party | None:
    """Where people's answers are read; without one they go where the mail came from.

    Not for calendar mail: programs answer the ORGANIZER (RFC 5546 section 3.2.3), and its sender is the same mailbox.
    """
    try:
        return Party(installation.facts.get("office_email", "").strip(), installation.office_name)
    except AddressRefused:
        return None


def _frame(message: OutboxMessage, at: dt.datetime, installation: Installation) -> dict[str, Any]:
    """What stands around every letter: greeting, writer, help, why it comes, how to change that."""
    person = message.person
    frame: dict[str, Any] = {
        "person": person,
        "installation": installation,
        "writer": installation.writer,
        "organizer_email": settings.ORGANIZER_EMAIL,
        "at": at,
        "today": clock.local_date(at),
        "base_url": settings.BASE_URL,
    }
    if message.kind not in _WITHOUT_LINKS and message.copy_to_id is None:
        frame["settings_url"] = urls_for.personal(person, purpose=LinkPurpose.SETTINGS, at=at)
    return frame


def _text(name: str, context: Mapping[str, Any]) -> str:
    return get_template(name, using="text").render(dict(context))
