"""What went wrong, and what to do next."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from buendnisse.models import Installation
from buendnisse.views import errors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office() -> Installation:
    return Installation.objects.create(
        pk=1, district="Landkreis Haseland", office_phone="00000 4100", office_hours="montags bis freitags 9–12 Uhr"
    )


@pytest.fixture
def request_of_nobody(rf: RequestFactory) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415

    request = rf.get("/sitzungen/9/")
    request.user = AnonymousUser()
    return request


def heading(html: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", html)
    assert len(found) == 1
    return str(found[0])


def test_unknown_address_says_what_to_do(client: Client) -> None:
    answer = client.get("/gibt-es-nicht/")

    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (404, "Diese Seite gibt es nicht")
    assert html.count("00000 4100") == 2
    assert html.count('href="tel:000004100"') == 2


def test_forbidden_offers_signing_in_and_coming_back(request_of_nobody: HttpRequest) -> None:
    answer = errors.forbidden(request_of_nobody)

    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (403, "Diese Seite ist nicht für Sie freigegeben")
    assert html.count(f'href="{reverse("account_login")}?next=/sitzungen/9/"') == 1


def test_form_without_its_cookie_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "wer@haseland.example"})

    assert (answer.status_code, heading(answer.content.decode())) == (403, "Bitte senden Sie noch einmal")


def test_fault_shows_the_telephone_number(request_of_nobody: HttpRequest) -> None:
    answer = errors.server_error(request_of_nobody)

    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (500, "Hier ist uns ein Fehler passiert")
    assert html.count("00000 4100, montags bis freitags 9–12 Uhr") == 1


def test_fault_of_the_database_itself_still_answers(
    request_of_nobody: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Installation:
        raise DatabaseError("gone")

    monkeypatch.setattr(errors, "installation", gone)

    answer = errors.server_error(request_of_nobody)

    assert answer.status_code == 500
    assert answer.content.decode().count("die Nummer steht in jeder E-Mail der Fachstelle") == 1


def test_expired_link_without_an_address_leads_to_the_telephone(request_of_nobody: HttpRequest) -> None:
    html = render_to_string("410.html", {}, request=request_of_nobody)

    assert html.count("<form") == 0
    assert html.count("Telefon 00000 4100") == 1
