"""All mails with example data, for the Fachstelle to look at."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from notifications.domain import examples
from notifications.enums import MailKind
from notifications.views import framed


@require_safe
@only(may_see_outbox)
def overview(request: HttpRequest) -> HttpResponse:
    """Every kind, in the order of a quarter."""
    groups = [
        (title, [{"kind": kind, "when": examples.when(kind)} for kind in kinds]) for title, kinds in examples.GROUPS
    ]
    return render(request, "notifications/examples.html", {"groups": groups})


@require_safe
@only(may_see_outbox)
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind as it would leave, with the way to the one before and the next."""
    shown = examples.show(_kind(kind))
    kinds = [one for _title, kinds in examples.GROUPS for one in kinds]
    place = kinds.index(shown.kind)
    context = {
        "shown": shown,
        "mail": shown.mail,
        "before": kinds[place - 1] if place else None,
        "after": kinds[place + 1] if place + 1 < len(kinds) else None,
    }
    return render(request, "notifications/example.html", context)


@require_safe
@xframe_options_sameorigin
@only(may_see_outbox)
def one_html(request: HttpRequest, kind: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    return framed.answer(examples.show(_kind(kind)).mail.html, may_leave=False)


def _kind(text: str) -> MailKind:
    if text not in examples.EXAMPLES:
        raise Http404
    return MailKind(text)
