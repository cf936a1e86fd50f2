"""The list of people for the Fachstelle: searched and narrowed, with the memberships of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import local_date
from buendnisse.enums import MailFormat
from buendnisse.models import Membership, Person
from buendnisse.models.person import PersonQuerySet

A_PAGE = 50


class Stand(TextChoices):
    """Values of the filter `stand`: who is there, who can be reached, who has left."""

    HERE = "dabei", _("dabei")
    NO_MAIL = "ohne-mail", _("ohne E-Mail")
    BOUNCED = "zurueck", _("Mails kommen zurück")
    ENDED = "beendet", _("ausgeschieden")
    EVERYBODY = "alle", _("alle")


def people(wanted: Mapping[str, Any], *, page: str, at: dt.datetime) -> Page[Person]:
    """People by surname. Keys of `wanted`: q (words), body, role, stand. Four queries whatever their number."""
    day = local_date(at)
    found = narrowed(wanted, day=day).select_related("organisation")
    shown = Membership.objects.select_related("body").order_by("body_id", "since")
    shown = shown.filter(until__lt=day) if wanted.get("stand") == Stand.ENDED else shown.active_on(day)
    found = found.prefetch_related(Prefetch("memberships", queryset=shown, to_attr="memberships_shown"))
    return Paginator(found.order_by("last_name", "first_name", "pk"), A_PAGE).get_page(page)


def narrowed(wanted: Mapping[str, Any], *, day: dt.date) -> PersonQuerySet:
    """Those the filters leave. Doubles that were merged are shown nowhere, and those forgotten only among the ended."""
    found: PersonQuerySet = Person.objects.filter(merged_into=None)
    for word in str(wanted.get("q") or "").split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__short_name__icontains=word)
            | Q(email__icontains=word)
            | Q(Exists(Person.objects.filter(pk=OuterRef("pk"), further_addresses__address__icontains=word)))
        )
    ended = wanted.get("stand") == Stand.ENDED
    own = Membership.objects.filter(person=OuterRef("pk"))
    now = own.filter(until__lt=day) if ended else own.active_on(day)
    if body := wanted.get("body"):
        now = now.filter(body=body)
    if role := wanted.get("role"):
        now = now.filter(role=role)
    if body or role:
        found = found.filter(Exists(now))
    left = Q(active_until__isnull=False, active_until__lt=day)
    left |= Exists(own.filter(until__lt=day)) & ~Exists(own.filter(Q(until__isnull=True) | Q(until__gte=day)))
    match wanted.get("stand"):
        case Stand.ENDED:
            return found.filter(left)
        case Stand.NO_MAIL:
            return found.filter(Q(email="") | Q(mail_format=MailFormat.NONE)).exclude(left)
        case Stand.BOUNCED:
            return found.exclude(email="").filter(email=F("failed_address"))
        case Stand.EVERYBODY:
            return found
        case _:
            return found.exclude(left)
