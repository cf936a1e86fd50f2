"""The Posteingang: mail that came in, and how the Fachstelle settles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest, number_in
from buendnisse.permissions import may_see_inbox
from buendnisse.views.gate import only
from meetings.domain.answers import AnswerRefused
from meetings.domain.versions import Stale
from meetings.enums import Answer
from meetings.forms.answers import DeputyForm
from meetings.models import Attendance
from notifications import adapters
from notifications.domain import tray, tray_settling
from notifications.domain.tray import TrayPage
from notifications.forms.inbox import EnterForm, FilterForm

_PAGE = 30
#: What a button does, and what is said then.
_BUTTONS: dict[str, tuple[Callable[..., None], Any]] = {
    "read": (tray_settling.read, gettext_lazy("Als gelesen abgelegt.")),
    "pass_on": (tray_settling.pass_on, gettext_lazy("Die Mail geht an Ihr Postfach.")),
    "keep": (
        tray_settling.keep_date,
        gettext_lazy("Der Termin bleibt. In einer Minute geht die Einladung noch einmal an die Person."),
    ),
    "take_out": (tray_settling.take_out, gettext_lazy("Zurückgenommen. Es gilt wieder, was vorher da stand.")),
    "confirm": (tray_settling.confirm, gettext_lazy("Die Antwort ist bestätigt.")),
    "reject": (tray_settling.reject, gettext_lazy("Zurückgenommen. Es gilt wieder, was vorher da stand.")),
    "reopen": (tray_settling.reopen, gettext_lazy("Die Mail ist wieder offen.")),
}
#: What takes something back: to have it again, one settles the mail anew.
_TAKING_BACK = frozenset({"reopen", "take_out"})
#: Refusals a button may meet; each says why in German.
_REFUSALS = (tray_settling.NotSettled, AnswerRefused)


@only(may_see_inbox)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """One tab of the tray, page by page."""
    form = FilterForm(request.GET)
    filters = form.filters()
    tab = request.GET.get("stand", tray.OPEN)
    tab = tab if tab in tray.TABS else tray.OPEN
    tabs = tray.tabs(filters)
    number = next(one.count for one in tabs if one.key == tab)
    page = Paginator(range(number), _PAGE).get_page(request.GET.get("seite"))
    rows = tray.rows(tab, filters, start=max(page.start_index() - 1, 0), limit=_PAGE)
    context = {"tabs": tabs, "tab": tab, "rows": rows, "page": page, "filter_form": form, "filters": filters}
    context["has_any"] = any(one.count for one in tabs)
    return render(request, "notifications/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_see_inbox)
def one(request: PersonRequest, number: int) -> HttpResponse:
    """One mail as plain text, why it lies here, and the buttons that settle it."""
    page = tray.page(number, at=clock.now())
    if page is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    do = posted.get("do", "") if posted is not None else ""
    enter = EnterForm(
        posted if do == "enter" else None,
        rows=page.rows,
        chosen=page.own,
        initial={"answer": page.row.answer},
    )
    given = {"name": page.deputy_name, "email": page.deputy_address}
    deputy = DeputyForm(posted if do == "deputy" else None, initial=given)
    status = 200
    if posted is not None:
        try:
            if _settle(request, page, enter, deputy, do):
                adapters.wake()
                return redirect("notifications:inbox")
        except Stale as stale:
            messages.error(request, str(stale))
            status = 409
        except _REFUSALS as refused:
            messages.error(request, str(refused))
        page = tray.page(number, at=clock.now()) or page
    context = {"page": page, "row": page.row, "enter_form": enter, "deputy_form": deputy}
    return render(request, "notifications/inbound.html", context, status=status)


def _settle(request: PersonRequest, page: TrayPage, enter: EnterForm, deputy: DeputyForm, do: str) -> bool:
    """Do what the button says; False where a form has to be shown again, or nothing was asked."""
    by: dict[str, Any] = {
        "by": request.user,
        "at": clock.now(),
        "version": number_in(request.POST, "version") or 0,
    }
    stand = number_in(request.POST, "stand") or 0
    may_be_undone = do not in _TAKING_BACK
    if do in _BUTTONS:
        verb, said = _BUTTONS[do]
        verb(page.row, **by)
    elif do in {"own", "alias"} and page.row.answer:
        said = _("Die Antwort ist eingetragen.")
        answer = Answer(page.row.answer)
        tray_settling.enter(page.row, _own(page), answer, remember=do == "alias", stand=stand, **by)
    elif do == "enter" and enter.is_valid():
        said = _("Die Antwort ist eingetragen.")
        seen = stand if page.own is not None and enter.row.pk == page.own.pk else None  # of others the page shows none
        tray_settling.enter(page.row, enter.row, Answer(enter.cleaned_data["answer"]), stand=seen, **by)
        if tray_settling.is_elsewhere(page.row, enter.row):
            said, may_be_undone = _("Die Antwort ist eingetragen. Der Vorschlag ist noch offen."), False
    elif do == "deputy" and deputy.is_valid():
        said = _("Die Vertretung ist eingetragen und wird eingeladen.")
        tray_settling.name_deputy(page.row, _own(page), **deputy.cleaned_data, stand=stand, **by)
    else:
        return False
    url = reverse("notifications:inbound", args=[page.row.pk])
    look = _("Ansehen oder zurücknehmen") if may_be_undone else _("Ansehen")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, url, look))
    return True


def _own(page: TrayPage) -> Attendance:
    """The row of the invited person, whom the mail says something about."""
    if page.own is None:
        raise tray_settling.NotSettled(_("Das geht nicht mehr: Für diese Sitzung nehmen wir keine Antworten mehr auf."))
    return page.own
