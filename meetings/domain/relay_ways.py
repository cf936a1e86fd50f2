"""Which body may hand a matter to which: data, set by the Fachstelle. What is on its way already stays on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Alliance, Body, Person
from meetings.domain.relay_rules import RelayRefused
from meetings.enums import Happened


class WaysChanged(RelayRefused):
    """Somebody else has set other ways since the page was shown."""


def sources(*, at: dt.datetime) -> list[Alliance]:
    """The alliances of today, whose decisions and topics can be handed on; each with `ways`, the bodies of today it hands to."""
    today = local_date(at)
    targets = Body.objects.valid_on(today).order_by("kind", "pk")
    return list(
        Alliance.objects.valid_on(today).in_order().prefetch_related(Prefetch("may_relay_to", targets, to_attr="ways"))
    )


def possible_targets(source: Body, *, at: dt.datetime) -> list[Body]:
    """Every body there is today but itself."""
    return list(Body.objects.valid_on(local_date(at)).exclude(pk=source.pk).order_by("kind", "pk"))


def targets_of(source: Body) -> list[int]:
    """The ids of those it may hand to now, in order."""
    return list(source.may_relay_to.order_by("pk").values_list("pk", flat=True))


def allow(source: Body, targets: Iterable[Body], *, seen: Collection[int], by: Person, at: dt.datetime) -> bool:
    """Let `source` hand matters to these and to no others of today's bodies; False where it is so already.

    `seen`: the ids the page showed as allowed. Ways to bodies that are no more stay as they are. Raises WaysChanged, and
    RelayRefused for a way to itself.
    """
    wanted = {body.pk for body in targets}
    _require_other(source, wanted)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=source.pk)
        was = set(targets_of(source))
        of_today = {body.pk for body in possible_targets(source, at=at)}
        if was & of_today == wanted:
            return False
        if was & of_today != set(seen) & of_today:
            raise WaysChanged(_("Jemand anderes hat die Wege inzwischen geändert. Bitte sehen Sie sie noch einmal an."))
        source.may_relay_to.set(wanted | (was - of_today))
        data = {"to": sorted(wanted), "was": sorted(was)}
        journal.record(Happened.RELAY_WAYS_SET, source, at=at, by=by, via=Via.WEB, body=source, data=data)
    return True


def possible_sources(target: Body, *, at: dt.datetime) -> list[Body]:
    """Every body that decides here today, but itself."""
    rows = Body.objects.valid_on(local_date(at)).filter(alliance__isnull=False).exclude(pk=target.pk)
    return list(rows.order_by("kind", "pk"))


def sources_of(target: Body) -> list[int]:
    """The ids of those who may hand matters to it now, in order."""
    return list(target.may_receive_from.order_by("pk").values_list("pk", flat=True))


def receive(target: Body, sources: Iterable[Body], *, seen: Collection[int], by: Person, at: dt.datetime) -> bool:
    """Let these and no others of today's bodies hand matters to `target`; False where it is so already.

    As `allow`, seen from the other end. Raises WaysChanged, and RelayRefused for a way to itself.
    """
    wanted = {body.pk for body in sources}
    _require_other(target, wanted)
    of_today = {body.pk for body in possible_sources(target, at=at)}
    with transaction.atomic():
        held = {body.pk: body for body in Body.objects.select_for_update().filter(pk__in=of_today).order_by("pk")}
        was = set(sources_of(target)) & of_today
        if was == wanted:
            return False
        if was != set(seen) & of_today:
            raise WaysChanged(_("Jemand anderes hat die Wege inzwischen geändert. Bitte sehen Sie sie noch einmal an."))
        for pk in sorted(was ^ wanted):
            source, before = held[pk], set(targets_of(held[pk]))
            now = before | {target.pk} if pk in wanted else before - {target.pk}
            source.may_relay_to.set(now)
            data = {"to": sorted(now), "was": sorted(before)}
            journal.record(Happened.RELAY_WAYS_SET, source, at=at, by=by, via=Via.WEB, body=source, data=data)
    return True


def _require_other(body: Body, others: Collection[int]) -> None:
    if body.pk in others:
        raise RelayRefused(_("%s kann nicht an sich selbst weitergeben.") % body.word)
