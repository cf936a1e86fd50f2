"""What the lists and forms of the Verwaltung have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from buendnisse import clock
from buendnisse.domain import record_history
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.forms.records import EndForm, RecordForm, SearchForm
from buendnisse.http import PersonRequest

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One row of a list: where it leads, its name, a word a column; `ended` is said below the name, or empty."""

    href: str
    name: str
    cells: Sequence[str]
    ended: str = ""
    body: Any = None


@dataclass(frozen=True)
class Register:
    """A list of the Verwaltung, in words."""

    title: str
    intro: str
    columns: Sequence[str]
    new_href: str = ""
    new_label: str = ""
    empty: str = ""
    further: Sequence[tuple[str, str]] = field(default_factory=tuple)


def listing(
    request: HttpRequest, register: Register, form: SearchForm, rows: Any, line: Callable[[Any], Line]
) -> HttpResponse:
    """A list with search and filters, fifty a page."""
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("seite", "1"))
    lines = [(one, list(zip(register.columns, one.cells, strict=True))) for one in map(line, page.object_list)]
    context = {"register": register, "form": form, "page": page, "lines": lines}
    return render(request, "buendnisse/administration/register.html", context)


@dataclass(frozen=True)
class Sheet:
    """The page of one thing, in words. `row` is None for a new one; `up` stands above the list in the way here."""

    title: str
    list_href: str
    list_label: str
    up: tuple[str, Any] | None = ("/verwaltung/", gettext_lazy("Verwaltung"))
    row: Any = None
    saved: str = ""
    intro: str = ""
    end_href: str = ""
    end_hint: str = ""
    last: Any = None
    form_href: str = ""
    links: Iterable[tuple[str, str]] = ()
    facts: Iterable[tuple[str, str]] = ()


def sheet(
    request: PersonRequest,
    page: Sheet,
    form: RecordForm,
    save: Callable[[RecordForm], Any],
    *,
    then: Callable[[Any], str] | None = None,
    end_form: EndForm | None = None,
) -> HttpResponse:
    """Show one thing with its form and history, and keep what was typed; a second writer sees both."""
    stale, differing = None, []
    if request.method == "POST" and end_form is None and form.is_valid():
        try:
            kept = save(form)
        except RecordRefused as refused:
            form.refuse(refused)
        except StaleRecord as error:
            stale = error
            differing = form.differing(error.current)
            form.on_top_of(error.current)
        else:
            messages.success(request, page.saved)
            return redirect(then(kept) if then else page.list_href)
    context = {
        "sheet": page,
        "form": form,
        "end_form": end_form or EndForm(initial={"last": clock.local_date(clock.now())}),
        "stale": stale,
        "differing": differing,
        "history": record_history.of(page.row, labels=form.labels()) if page.row else [],
    }
    status = HTTPStatus.CONFLICT if stale else HTTPStatus.OK
    return render(request, "buendnisse/administration/sheet.html", context, status=status)


def end(
    request: PersonRequest,
    set_last: Callable[[Any], bool],
    *,
    ended: str,
    resumed: str,
    again: Callable[[EndForm], HttpResponse],
    there: str,
) -> HttpResponse:
    """Two buttons: end it on a day, or bring it back. What is refused is said beside the day."""
    if request.POST.get("do") == "resume":
        try:
            set_last(None)
        except RecordRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, resumed)
        return redirect(there)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            set_last(form.cleaned_data["last"])
        except RecordRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, ended)
            return redirect(there)
    return again(form)
