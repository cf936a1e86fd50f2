"""What pages cost: queries, and processor time against a trivial view of the same process."""

from __future__ import annotations

import datetime as dt
import math
import statistics
import time
import uuid
from http import HTTPStatus
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from bench import archive
from buendnisse import clock
from buendnisse.config import urls
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import agenda, decision_lines, search_index
from meetings.enums import AgendaItemKind, MeetingState
from meetings.models import Decision, Meeting
from notifications.domain import feeds

BLOCKS, ROUNDS = 6, 5


def _trivial(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("trivial/", _trivial), *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


def measure() -> dict[str, Any]:
    """Medians over 30 requests after a warm-up, signed in as the Fachstelle where nobody else is named.

    The trivial view is asked again beside every page, since a machine that others use is not equally fast all the time.
    """
    call_command("demo", verbosity=0)
    client = _signed_in(Person.objects.filter(office="fachstelle").order_by("pk")[0])
    small, large = _meetings()
    full = _full_agenda()
    with override_settings(ROOT_URLCONF="bench.pages", ALLOWED_HOSTS=["testserver"]):
        trivial = statistics.median(_times(client, "/trivial/"))
        found = {
            name: _figures(client, address)
            for name, address in {
                "meeting, smallest": f"/sitzungen/{small.slug}/",
                "meeting, largest": f"/sitzungen/{large.slug}/",
                "board, 40 items": f"/sitzungen/{full.slug}/tagesordnung/",
                "desk": "/",
                "relays": "/weiterleitungen/",
                "decisions": "/beschluesse/",
            }.items()
        }
        found["calendar, unchanged"] = _unchanged_calendar()
        found |= _archive(client)
    return {"trivial view, ms": round(trivial * 1000, 3), **found}


def _unchanged_calendar() -> dict[str, Any]:
    """What programs ask for every few hours: the largest calendar of a member, with deadlines and tasks, and it is known."""
    at = clock.now()
    links_of = [
        links.grant(person, purpose=LinkPurpose.FEED, until=at + dt.timedelta(days=1), at=at)
        for person in Person.objects.filter(office="none", may_sign_in=False).order_by("pk")[:40]
    ]
    link = max(links_of, key=lambda one: len(feeds.to_come(one, at=at)))
    feeds.choose(link.person, without_invited=False, with_deadlines=True, at=at)
    address, client = f"/kalender/{links.token(link)}.ics", Client()
    known = client.get(address)["ETag"]
    return _figures(client, address, status=HTTPStatus.NOT_MODIFIED, headers={"if-none-match": known})


def _archive(client: Client) -> dict[str, Any]:
    """The lists once 2,000 decisions and 500 relays more are there, and ways that were handed on twelve and forty times."""
    archive.fill()
    deep, deeper = archive.chain(12, year=2005), archive.chain(40, year=2010)
    at, pages = clock.now(), math.ceil(Decision.objects.count() / decision_lines.A_PAGE)
    while search_index.refresh(at=at):
        pass
    member = _signed_in(_member())
    return {
        name: _figures(client, address)
        for name, address in {
            "relays, 500, open ones": "/weiterleitungen/",
            "relays, 500, all": "/weiterleitungen/?stand=all",
            "relays, 500, ended ones": "/weiterleitungen/?stand=ended",
            "decisions, 2,000": "/beschluesse/",
            "way of 12 relays": f"/weiterleitungen/{deep.number}/",
            "way of 40 relays": f"/weiterleitungen/{deeper.number}/",
            "decisions, 2,000, last page": f"/beschluesse/?seite={pages}",
            "decisions, 2,000, by a word": "/beschluesse/?q=Kinderbetreuung",
            "search, by number": "/suche/?q=B-2026-02",
            "search, two words": "/suche/?q=Rufbus+Abend",
            "search, a word of nearly everything": "/suche/?q=Kinderbetreuung",
        }.items()
    } | {
        f"{name}, a member": _figures(member, address)
        for name, address in {
            "relays, 500, open ones": "/weiterleitungen/",
            "relays, 500, all": "/weiterleitungen/?stand=all",
            "decisions, 2,000": "/beschluesse/",
            "decisions, 2,000, by a word": "/beschluesse/?q=Kinderbetreuung",
            "way of 12 relays": f"/weiterleitungen/{deep.number}/",
            "search, by number": "/suche/?q=B-2026-02",
            "search, a word of nearly everything": "/suche/?q=Kinderbetreuung",
        }.items()
    }


def _signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="notifications.adapters.SignInBackend")
    return client


def _member() -> Person:
    """One with an account who sits in most bodies: who sees most is asked most."""
    members = Person.objects.filter(office="none", may_sign_in=True).annotate(bodies=Count("memberships"))
    return members.order_by("-bodies", "pk")[0]


def _meetings() -> tuple[Meeting, Meeting]:
    ordered = sorted(
        Meeting.objects.all(), key=lambda meeting: meeting.agenda_items.count() + meeting.attendance.count()
    )
    return ordered[0], ordered[-1]


def _full_agenda(items: int = 40) -> Meeting:
    """A coming meeting of the demo with that many items on its agenda, the standing ones among them."""
    at = clock.now()
    meeting = Meeting.objects.filter(state=MeetingState.CONFIRMED, start__gt=at).order_by("start", "pk")[0]
    by = Person.objects.filter(office="fachstelle").order_by("pk")[0]
    while meeting.agenda_items.filter(position__gt=0).count() < items:
        words = {"title": "Ein Thema, wie es auf einer Tagesordnung steht", "kind": AgendaItemKind.DISCUSSION}
        agenda.add(meeting, **words, minutes=5, presenter=by, by=by, form_key=uuid.uuid4(), at=at)
    return meeting


def _figures(client: Client, address: str, *, status: HTTPStatus = HTTPStatus.OK, **request: Any) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        found = client.get(address, **request).status_code
    count = len(queries)  # before the next request, which empties the log
    assert found == status, (address, found)
    blocks = [(_times(client, "/trivial/"), _times(client, address, **request)) for _block in range(BLOCKS)]
    seconds = statistics.median(time for _trivial, times in blocks for time in times)
    ratios = [statistics.median(times) / statistics.median(trivial) for trivial, times in blocks]
    return {
        "queries": count,
        "cpu, ms": round(seconds * 1000, 2),
        "cpu / trivial view": round(statistics.median(ratios), 1),
    }


def _times(client: Client, address: str, **request: Any) -> list[float]:
    """Processor seconds of some requests in a row, after the first ones, which warm up."""
    for _warm in range(2):
        client.get(address, **request)
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        client.get(address, **request)
        times.append(time.process_time() - start)
    return times
