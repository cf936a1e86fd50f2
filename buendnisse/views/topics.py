"""Verwaltung: topics (Themenfelder), which tag items, decisions, units and contacts. For the Fachstelle."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock
from buendnisse.domain import topics
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.forms.records import EndForm, SearchForm
from buendnisse.forms.registers import TopicForm, TopicMergeForm
from buendnisse.http import PersonRequest
from buendnisse.models import Topic
from buendnisse.views import records
from buendnisse.views.gate import moderator
from buendnisse.views.organisations import ended_words
from buendnisse.views.records import Line, Register, Sheet


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All fields of action."""
    register = Register(
        title=_("Themenfelder"),
        intro=_("Nach ihnen sind Tagesordnungspunkte, Beschlüsse, Stellen und Ansprechpersonen geordnet."),
        columns=(_("Aufgegangen in"),),
        new_href=reverse("buendnisse:topic_new"),
        new_label=_("Neues Themenfeld"),
        empty=_("Legen Sie das erste an, zum Beispiel: Sprache."),
    )
    form = SearchForm(request.GET)
    return records.listing(request, register, form, topics.found(**form.wanted, at=clock.now()), _line)


def _line(row: Topic) -> Line:
    href = reverse("buendnisse:topic", args=[row.slug])
    return Line(href, row.name, (row.merged_into.name if row.merged_into else "",), ended_words(row.ended_on))


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One more."""

    def save(form: Any) -> Any:
        data = form.cleaned_data
        return topics.add(data["name"], form_key=data["form_key"], by=request.user, at=clock.now())

    return records.sheet(request, _sheet(None), TopicForm(request.POST or None), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """Another name."""
    row = get_object_or_404(Topic, slug=slug)

    def save(form: Any) -> Any:
        data = form.cleaned_data
        return topics.rename(row, data["name"], version=data["version"], by=request.user, at=clock.now())

    return records.sheet(request, _sheet(row), TopicForm.of(row, request.POST or None), save)


@moderator
@require_POST
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """Nothing new gets it any longer, or does again."""
    row = get_object_or_404(Topic, slug=slug)

    def again(form: EndForm) -> HttpResponse:
        return records.sheet(request, _sheet(row), TopicForm.of(row), lambda _form: None, end_form=form)

    return records.end(
        request,
        lambda last: topics.end(row, last, by=request.user, at=clock.now()),
        ended=_("„%s“ steht nicht mehr zur Wahl. Was es trägt, behält es.") % row.name,
        resumed=_("„%s“ steht wieder zur Wahl.") % row.name,
        again=again,
        there=reverse("buendnisse:topic", args=[slug]),
    )


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: PersonRequest, slug: str) -> HttpResponse:
    """Shown first: how many things change their topic."""
    row = get_object_or_404(Topic.objects.select_related("merged_into"), slug=slug)
    status = HTTPStatus.OK
    form = TopicMergeForm(request.POST or None, topic=row, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = topics.merge(row, data["into"], version=data["version"], by=request.user, at=clock.now())
        except RecordRefused as refused:
            form.add_error(refused.field or None, str(refused))
        except StaleRecord as stale:
            data = {"into": request.POST.get("into", ""), "version": stale.current.version}
            form = TopicMergeForm(data, topic=stale.current)
            form.is_valid()
            form.add_error(None, str(stale))
            row, status = stale.current, HTTPStatus.CONFLICT
        else:
            words = {"name": row.name, "into": data["into"].name, "number": moved}
            messages.success(request, _("„%(name)s“ ist in „%(into)s“ aufgegangen. Geändert: %(number)s.") % words)
            return redirect("buendnisse:topic", data["into"].slug)
    context = {"topic": row, "form": form, "uses": topics.uses(row)}
    return render(request, "buendnisse/administration/topic_merge.html", context, status=status)


def _sheet(row: Topic | None) -> Sheet:
    href = reverse("buendnisse:topic", args=[row.slug]) if row else ""
    links: list[tuple[str, str]] = []
    if row is not None and row.merged_into_id is None:
        links.append(
            (reverse("buendnisse:topic_merge", args=[row.slug]), _("Mit einem anderen Themenfeld zusammenlegen"))
        )
    return Sheet(
        title=row.name if row else _("Neues Themenfeld"),
        list_href=reverse("buendnisse:topics"),
        list_label=_("Themenfelder"),
        row=row,
        saved=_("Das Themenfeld ist gespeichert."),
        form_href=href,
        end_href=f"{href}beenden/" if row else "",
        end_hint=_("Danach steht es nicht mehr zur Wahl. Was es trägt, behält es."),
        last=row.ended_on if row else None,
        links=links,
        facts=[(_("Trägt es"), _("%s Einträge") % topics.uses(row))] if row else [],
    )
