"""What pages cost: queries, and processor time against a trivial view of the same process."""

from __future__ import annotations

import statistics
import time
from http import HTTPStatus
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from buendnisse.config import urls
from buendnisse.models import Person
from meetings.models import Meeting

ROUNDS = 30


def _trivial(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("trivial/", _trivial), *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


def measure() -> dict[str, Any]:
    """Medians over 30 requests after a warm-up, signed in as the Fachstelle."""
    call_command("demo", verbosity=0)
    client = Client()
    client.force_login(
        Person.objects.filter(office="fachstelle").order_by("pk")[0],
        backend="notifications.adapters.SignInBackend",
    )
    small, large = _meetings()
    with override_settings(ROOT_URLCONF="bench.pages", ALLOWED_HOSTS=["testserver"]):
        trivial = _cpu(client, "/trivial/")
        found = {
            name: _figures(client, address, trivial)
            for name, address in {
                "meeting, smallest": f"/sitzungen/{small.slug}/",
                "meeting, largest": f"/sitzungen/{large.slug}/",
                "desk": "/",
                "relays": "/weiterleitungen/",
                "decisions": "/beschluesse/",
            }.items()
        }
    return {"trivial view, ms": round(trivial * 1000, 3), **found}


def _meetings() -> tuple[Meeting, Meeting]:
    ordered = sorted(
        Meeting.objects.all(), key=lambda meeting: meeting.agenda_items.count() + meeting.attendance.count()
    )
    return ordered[0], ordered[-1]


def _figures(client: Client, address: str, trivial: float) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
    count = len(queries)  # before the next request, which empties the log
    assert status == HTTPStatus.OK, (address, status)
    seconds = _cpu(client, address)
    return {
        "queries": count,
        "cpu, ms": round(seconds * 1000, 2),
        "cpu / trivial view": round(seconds / trivial, 1),
    }


def _cpu(client: Client, address: str) -> float:
    for _warm in range(5):
        client.get(address)
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        client.get(address)
        times.append(time.process_time() - start)
    return statistics.median(times)
