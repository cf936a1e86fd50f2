"""The API: token, routers of the houses, and the only place that turns refusals into answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from buendnisse import clock
from buendnisse.domain import api_tokens
from buendnisse.models import Person
from meetings.api import router as meetings_router
from meetings.domain.agenda import AgendaRefused


class Token(HttpBearer):
    """`Authorization: Bearer …` with a key the Fachstelle issued. Sessions do not count here, so no CSRF."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        return api_tokens.person_of(token, at=clock.now())


api = NinjaAPI(
    title="Bündnisse",
    version="1",
    description="Sitzungen, Tagesordnungen, Beschlüsse und Weiterleitungen der Arbeitsbündnisse.",
    auth=Token(),
    openapi_url="v1/openapi.json",
    docs_url="docs",
)
api.add_router("v1", meetings_router)


@api.exception_handler(AuthenticationError)
def _unknown_token(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = api.create_response(request, {"detail": _("Der Schlüssel fehlt oder gilt nicht mehr.")}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": _("Das gibt es hier nicht.")}, status=404)


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": _("Dazu reicht dieser Schlüssel nicht.")}, status=403)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    field = str(first.get("loc", [""])[-1])
    detail = _("Die Angabe „%(field)s“ fehlt oder passt nicht.") % {"field": field}
    return api.create_response(request, {"detail": detail, "field": field}, status=422)


@api.exception_handler(AgendaRefused)
def _refused(request: HttpRequest, refusal: AgendaRefused) -> HttpResponse:
    return api.create_response(request, {"detail": str(refusal)}, status=409)
