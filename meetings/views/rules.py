"""The rules of an alliance: its usual day, which proposals start from, and how it decides. For the Fachstelle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import alliance_rules, periods, procedure
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Alliance
from buendnisse.views.gate import moderator
from meetings.domain import rule_days, rule_preview
from meetings.forms.periods import PeriodsForm
from meetings.forms.procedure import ProcedureForm
from meetings.forms.rules import RuleForm


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: PersonRequest, slug: str) -> HttpResponse:
    """Look at what the rule gives next year, as often as wanted, and keep it."""
    alliance = get_object_or_404(Alliance.objects.select_related("usual_venue", "coming_rule__venue"), slug=slug)
    if request.POST.get("do") == "drop":
        return _drop_coming(request, alliance)
    hosts, stale = alliance_rules.hosts_of(alliance), None
    shown = alliance_rules.rule_of(alliance, hosts)
    form = RuleForm.of(alliance, hosts, request.POST or None)
    if request.method == "POST":
        shown = None
        try:
            if form.is_valid() and request.POST.get("do") == "save":
                given = form.cleaned_data
                alliance_rules.agree(
                    alliance,
                    form.rule,
                    first_day=given["first_day"],
                    version=given["version"],
                    by=request.user,
                    at=clock.now(),
                )
                messages.success(request, _("Die Regel ist gespeichert. Termine, die schon stehen, bleiben."))
                return redirect("meetings:alliance", slug)
            if form.is_valid():
                alliance_rules.check(form.rule)
                shown = form.rule
        except alliance_rules.RuleRefused as refused:
            form.refuse(refused)
        except alliance_rules.StaleRule as error:
            stale = error
            form.show_current(stale.alliance)
    context = {
        "alliance": alliance,
        "form": form,
        "preview": rule_preview.of(alliance, shown, year=clock.local_date(clock.now()).year + 1) if shown else None,
        "words": rule_days.all_words(stale.alliance if stale else alliance),
        "coming": getattr(alliance, "coming_rule", None),
        "stale": stale,
    }
    return render(request, "meetings/rule.html", context, status=409 if stale else 200)


def _drop_coming(request: PersonRequest, alliance: Alliance) -> HttpResponse:
    version = number_in(request.POST, "version") or 0
    try:
        alliance_rules.drop_coming(alliance, version=version, by=request.user, at=clock.now())
    except alliance_rules.StaleRule as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, _("Die neue Regel ist zurückgenommen. Es bleibt bei der jetzigen."))
    return redirect("meetings:rule", alliance.slug)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def decides(request: PersonRequest, slug: str) -> HttpResponse:
    """The rules of procedure: quorum, counting, objections, votes by mail, whom minutes name."""
    alliance, stale = get_object_or_404(Alliance, slug=slug), None
    form = ProcedureForm.of(alliance, request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            procedure.change(alliance, form.procedure, version=version, by=request.user, at=clock.now())
            messages.success(request, _("Die Regeln sind gespeichert. Was schon läuft, endet nach den alten."))
            return redirect("meetings:alliance", slug)
        except alliance_rules.RuleRefused as refused:
            form.refuse(refused)
        except alliance_rules.StaleRule as error:
            stale = ProcedureForm.of(error.alliance)
            form.show_current(error.alliance)
    context = {"alliance": alliance, "form": form, "stale": stale}
    return render(request, "meetings/procedure.html", context, status=409 if stale else 200)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: PersonRequest, slug: str) -> HttpResponse:
    """The periods: how many days before or after a meeting what is due."""
    alliance, stale = get_object_or_404(Alliance, slug=slug), None
    form = PeriodsForm.of(alliance, request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            periods.change(alliance, form.periods, version=version, by=request.user, at=clock.now())
            messages.success(request, _("Die Fristen sind gespeichert. Was schon verschickt ist, bleibt."))
            return redirect("meetings:alliance", slug)
        except alliance_rules.RuleRefused as refused:
            form.refuse(refused)
        except alliance_rules.StaleRule as error:
            stale = PeriodsForm.of(error.alliance)
            form.show_current(error.alliance)
    context = {"alliance": alliance, "form": form, "stale": stale}
    return render(request, "meetings/periods.html", context, status=409 if stale else 200)
