"""What a new date starts from when somebody plans a single meeting: the alliance's usual hours, place and next free day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.domain import proposing, rule_days
from meetings.domain.quarter import Quarter, can_be_planned
from meetings.enums import MeetingMode
from meetings.models import Meeting

_MADE_UP_FOR = dt.timedelta(days=62)  # how long after its quarter a lost meeting is still made up for


def start(wished: Mapping[str, str], *, at: dt.datetime) -> dict[str, Any]:
    """First values for the form: `buendnis` (slug), and `quartal` (2027-Q1) where it is known."""
    values: dict[str, Any] = {"mode": MeetingMode.ON_SITE}
    alliance = (
        Alliance.objects.select_related("usual_venue", "coming_rule__venue")
        .filter(slug=wished.get("buendnis", ""))
        .first()
    )
    if alliance is None:
        return values
    quarter = _quarter(wished.get("quartal", ""), at)
    then = rule_days.as_of(alliance, quarter or Quarter.of(local_date(at)))
    begin, end = rule_days.hours(then)
    values |= {"alliance": alliance.pk, "start": begin, "end": end}
    last = Meeting.objects.filter(alliance=alliance).order_by("-start").first()
    values |= {"venue": then.usual_venue_id or (last and last.venue_id)}
    values |= {"mode": last.mode} if last else {}
    if quarter:
        values["quarter"] = str(quarter)
    slot = proposing.propose(quarter.year, at=at).slot(alliance.pk, quarter) if quarter else None
    if slot is not None and slot.is_free and slot.appointment is not None:
        values |= {"date": slot.appointment.day, "venue": slot.venue.pk if slot.venue else values["venue"]}
    return values


def _quarter(text: str, at: dt.datetime) -> Quarter | None:
    """The quarter somebody asked for, if it can still be planned."""
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        return None
    return quarter if quarter.last + _MADE_UP_FOR >= local_date(at) and can_be_planned(quarter.year) else None
