"""Keys for other programs: issue one, see which there are, end one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.domain import api_tokens
from buendnisse.forms.api_token import ApiTokenForm
from buendnisse.http import PersonRequest
from buendnisse.models import ApiToken, Person


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: PersonRequest) -> HttpResponse:
    """The list and the form; a new key is shown on the answer to the POST only."""
    if not permissions.may_moderate(request.user):
        raise PermissionDenied
    at = clock.now()
    people = Person.objects.active_on(clock.local_date(at)).order_by("last_name", "first_name")
    form = ApiTokenForm(request.POST or None, people=people)
    issued = ""
    if form.is_valid():
        try:
            issued = api_tokens.issue(**form.cleaned_data, by=request.user, at=at)
            form = ApiTokenForm(people=people)
        except api_tokens.KeyEnded as ended:
            form.add_error(None, str(ended))
    return render(request, "buendnisse/api_tokens.html", {"form": form, "issued": issued, "keys": api_tokens.listed()})


@login_required
@require_POST
def revoke(request: PersonRequest, number: int) -> HttpResponse:
    if not permissions.may_moderate(request.user):
        raise PermissionDenied
    api_tokens.revoke(get_object_or_404(ApiToken, pk=number), by=request.user, at=clock.now())
    return redirect("buendnisse:api_tokens")
