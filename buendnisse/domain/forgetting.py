"""People who have long left become their function: name and addresses go, what their organisation did stays.

24 months after leaving is the period of the privacy page (Art. 5(1)(e) and Art. 17 DSGVO). The journal is not
edited: it never held more than the number of the row.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from buendnisse.clock import BERLIN
from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, MailFormat, Office, Role, Salutation, Via
from buendnisse.models import (
    AccessLink,
    AddressWish,
    ApiToken,
    Change,
    Contact,
    FurtherAddress,
    Installation,
    Membership,
    Person,
    SharedMailbox,
    Unit,
)
from buendnisse.models.person import PersonQuerySet

KEPT_YEARS = 2
#: An entry that was merged into somebody is that person under another number, and is forgotten after them.
NO_DOUBLE = Q(merged_into=None) | Q(merged_into__forgotten_at__isnull=False)


def limit(today: dt.date) -> dt.date:
    """The first day that is still remembered: 24 months ago."""
    try:
        return today.replace(year=today.year - KEPT_YEARS)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - KEPT_YEARS, day=28)


def left_before(day: dt.date) -> PersonQuerySet:
    """People who are in no body since `day`, hold no office, are nobody's contact and did nothing themselves.

    A date of leaving that is set decides for those with an office, for contacts and for the staff of units, too.
    """
    since = dt.datetime.combine(day, dt.time.min, tzinfo=BERLIN)
    memberships = Membership.objects.filter(person=OuterRef("pk"))
    member = memberships.filter(Q(until__isnull=True) | Q(until__gte=day))
    contact = Contact.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), person=OuterRef("pk"))
    writer = Installation.objects.filter(writer=OuterRef("pk"))
    acted = Change.objects.filter(by=OuterRef("pk"), at__gte=since)
    runs = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    unit = Unit.objects.filter(runs, organisation=OuterRef("organisation"))  # its staff answers requests
    gone = Q(active_until__lt=day)
    gone |= Q(active_until__isnull=True, office=Office.NONE) & ~Exists(contact) & ~Exists(unit)
    seen = Q(last_looked_at__gte=since) | Q(last_login__gte=since)
    rows: PersonQuerySet = Person.objects.filter(NO_DOUBLE, gone, forgotten_at__isnull=True).exclude(seen)
    return rows.exclude(Exists(member) | Exists(writer) | Exists(acted))


def pseudonymise(person: Person, *, at: dt.datetime) -> None:
    """Put the function in the place of the name; addresses, links, keys and contacts go. Cannot be taken back."""
    first_name, last_name = _function_of(person)
    with transaction.atomic():
        for rows in (AddressWish, FurtherAddress, Contact, ApiToken, AccessLink):
            rows.objects.filter(person=person).delete()
        for mailbox in SharedMailbox.objects.filter(people=person):
            mailbox.people.remove(person)
        Membership.objects.filter(person=person).exclude(note="").update(note="")
        person.topics.clear()
        person.handle = f"former-{person.pk}"
        person.first_name, person.last_name, person.academic_title = first_name, last_name, ""
        person.salutation = Salutation.NEUTRAL
        person.function = person.email = person.failed_address = person.phone = person.postal_address = person.note = ""
        person.office, person.may_sign_in, person.address_confirmed_at = Office.NONE, False, None
        person.digest, person.mail_format = DigestRhythm.NEVER, MailFormat.NONE
        person.quiet_topics, person.quiet_bodies = [], []
        person.last_looked_at = person.last_login = None
        person.forgotten_at = at
        person.version += 1
        person.set_unusable_password()
        person.save()
        journal.record("person.forgotten", person, at=at, by=None, via=Via.RULE)


def _function_of(person: Person) -> tuple[str, str]:
    """ "ehemaliges Mitglied", as first and last name: lists say "Mitglied, ehemaliges (BBS)"."""
    last = Membership.objects.filter(person=person).order_by("-until", "-pk").first()
    words = {
        Role.CHAIR: (_("ehemaliger"), _("Vorsitz")),
        Role.DEPUTY_CHAIR: (_("ehemaliger"), _("stellvertretender Vorsitz")),
        Role.MEMBER: (_("ehemaliges"), _("Mitglied")),
        Role.DEPUTY: (_("ehemalige"), _("Stellvertretung")),
        Role.GUEST: (_("ehemaliger"), _("Gast")),
        Role.MINUTE_TAKER: (_("ehemalige"), _("Protokollführung")),
        Role.SECRETARIAT: (_("ehemalige"), _("Geschäftsführung")),
    }
    return words[Role(last.role)] if last else (_("ehemals"), _("beteiligt"))
