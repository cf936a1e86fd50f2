"""People. Most never sign in: they act by personal links."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from buendnisse.enums import DigestRhythm, MailFormat, Office, Salutation
from buendnisse.models.worded import Worded


def new_handle() -> str:
    return uuid.uuid4().hex


def gets_mail(email: str, mail_format: str) -> bool:
    """Whether we may write to this address."""
    return bool(email) and mail_format != MailFormat.NONE


class PersonQuerySet(models.QuerySet["Person"]):
    def active_on(self, day: dt.date) -> PersonQuerySet:
        """People who have not left by `day`."""
        return self.filter(Q(active_until__isnull=True) | Q(active_until__gte=day))

    def reachable_by_mail(self) -> PersonQuerySet:
        """Whom mail reaches: with an address from which it does not come back."""
        return self.exclude(email="").exclude(mail_format=MailFormat.NONE).exclude(email=F("failed_address"))


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Finds people by handle, as Django's sign-in asks for it."""


class Person(Worded, AbstractBaseUser):
    """Someone who belongs to an organisation. Sign-in only where `may_sign_in`; an address may be shared or missing."""

    handle = models.CharField(max_length=64, unique=True, default=new_handle)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    academic_title = models.CharField(max_length=20, blank=True)
    salutation = models.CharField(max_length=10, choices=Salutation, default=Salutation.NEUTRAL)
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="people")
    function = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    failed_address = models.EmailField(blank=True, help_text="Mail to it came back for good; any other is tried anew")
    phone = models.CharField(max_length=40, blank=True)
    postal_address = models.CharField(max_length=250, blank=True)
    office = models.CharField(max_length=20, choices=Office, default=Office.NONE)
    may_sign_in = models.BooleanField(default=False)
    address_confirmed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=10, choices=DigestRhythm, default=DigestRhythm.WEEKLY)
    mail_format = models.CharField(max_length=20, choices=MailFormat, default=MailFormat.HTML_AND_TEXT)
    gets_papers = models.BooleanField(default=False, help_text="Papers of a meeting come along with its agenda")
    large_type = models.BooleanField(
        default=False, help_text="The person's own wish: larger letters in mail and on own pages"
    )
    quiet_topics = models.JSONField(default=list, blank=True, help_text="Mail at once not wanted: codes of MailTopic")
    quiet_bodies = models.JSONField(default=list, blank=True, help_text="Ids of own bodies not heard from but by duty")
    quiet_in_holidays = models.BooleanField(default=False, help_text="No reminders in the school holidays")
    topics = models.ManyToManyField("buendnisse.Topic", blank=True, related_name="people")
    active_until = models.DateField(null=True, blank=True)
    is_fictitious = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    last_looked_at = models.DateTimeField(null=True, blank=True, help_text="When this person last opened Meine Seite")
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="When the function took the name's place")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="doubles",
        help_text="Entered twice: who it is really",
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(office__in=Office.values), name="person_office_known"),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(may_sign_in=True),
                name="person_sign_in_address_unique",
            ),
            models.CheckConstraint(
                condition=Q(may_sign_in=False) | ~Q(email=""),
                name="person_sign_in_needs_address",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name_with_title(self) -> str:
        return f"{self.academic_title} {self.full_name}".strip()

    @property
    def formal_name(self) -> str:
        """ "Frau Dr. Sandfort"; the full name where no salutation is chosen."""
        if self.salutation == Salutation.NEUTRAL:
            return self.full_name
        return " ".join(
            filter(
                None,
                [
                    str(Salutation(self.salutation).label),
                    self.academic_title,
                    self.last_name,
                ],
            )
        )

    @property
    def formal_object(self) -> str:
        """ "Herrn Steenwyk", "Frau Dr. Sandfort": after "an", "von" and "für", and as whom somebody stands in for."""
        name = self.formal_name
        return f"Herrn {name.removeprefix('Herr ')}" if self.salutation == Salutation.HERR else name

    @property
    def greeting(self) -> str:
        """The first line of a letter, by the person's own choice and never by a guess."""
        if self.salutation == Salutation.FRAU:
            return f"Sehr geehrte {self.formal_name}"
        if self.salutation == Salutation.HERR:
            return f"Sehr geehrter {self.formal_name}"
        return f"Guten Tag {self.name_with_title}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django asks this at sign-in."""
        return self.may_sign_in

    @property
    def wants_mail(self) -> bool:
        """Mail is written, and held where it would come back."""
        return gets_mail(self.email, self.mail_format)

    @property
    def mail_comes_back(self) -> bool:
        """The address is the one that failed: somebody has to look into it."""
        return bool(self.email) and self.email == self.failed_address

    @property
    def gets_mail(self) -> bool:
        """Mail reaches this person."""
        return self.wants_mail and not self.mail_comes_back


class FurtherAddress(models.Model):
    """Another address of a person. `gets_copy`: a plain notice of its own, without calendar part or acting link."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="further_addresses")
    address = models.EmailField()
    label = models.CharField(max_length=80, blank=True)
    gets_copy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("address"), "person", name="further_address_unique"),
        ]

    def __str__(self) -> str:
        return self.address


class AddressWish(models.Model):
    """Another address that a person asked for, until a mail to it was answered. A new wish is a new row.

    So a link that went to an earlier address confirms nothing. `replaced`: once answered, the address of before, which is
    told so.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="address_wishes")
    address = models.EmailField()
    asked_at = models.DateTimeField()
    replaced = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.address


class SharedMailbox(models.Model):
    """One address several people read; each still gets links of their own."""

    address = models.EmailField(unique=True)
    people = models.ManyToManyField(Person, related_name="shared_mailboxes")
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.address
