"""What is done with a relay: each act a page of its own, with one form and one button, and a button to take it back.

The Fachstelle comes signed in. Who speaks for the body that is asked comes signed in or by the link of the letter, and
does what is theirs: their own agenda, and whether it is for them at all.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.domain import links
from buendnisse.domain.paper_files import FileRefused
from buendnisse.enums import BodyKind, LinkPurpose, Via
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import AccessLink, Person
from buendnisse.views.links import by_link
from meetings.domain import relay_arrival, relay_options, relay_rules, relay_undo
from meetings.domain.agenda_rules import AgendaRefused
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_options import Option
from meetings.enums import RelayState
from meetings.forms.relays import StoredForm
from meetings.models import Relay
from meetings.views.relay_act_table import ACTS, act_of
from meetings.views.relays import readers, relay_of, relay_of_link

REFUSED = (relay_rules.RelayRefused, AgendaRefused, MoveRefused)


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def act(request: PersonRequest, number: str, option: str) -> HttpResponse:
    """Ask, then do. A refusal is said in the form, and nothing typed is lost."""
    one = relay_of(request.user, number)
    home = reverse("meetings:relay_path", args=[one.number])
    return _act(request, one, option, person=request.user, via=Via.WEB, home=home)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.RELAY)
def act_by_letter(request: HttpRequest, link: AccessLink, option: str) -> HttpResponse:
    """The same for who speaks for the target, from the letter."""
    one = relay_of_link(link)
    return _act(request, one, option, person=link.person, via=Via.LINK, home=_home(link), link=link)


@require_POST
@readers
def take_back(request: PersonRequest, number: str) -> HttpResponse:
    """The last step, while its mail waits."""
    one = relay_of(request.user, number)
    if not _may_act(one, request.user):
        raise PermissionDenied
    _take_back(request, one, person=request.user, via=Via.WEB)
    return redirect("meetings:relay_path", number=one.number)


@require_POST
@by_link(LinkPurpose.RELAY)
def take_back_by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    one = relay_of_link(link)
    if not _may_act(one, link.person):
        raise PermissionDenied
    _take_back(request, one, person=link.person, via=Via.LINK)
    return redirect(_home(link))


def say(request: HttpRequest, text: str, *done: Relay, token: str = "") -> None:
    """Tell what was done, with the button beside it that takes it back; one for each relay."""
    steps = [(one, step) for one in done if (step := relay_undo.last_step(one, at=clock.now())) is not None]
    outside = [one for one in done if one.state == RelayState.SENT and one.target.kind == BodyKind.EXTERNAL]
    context = {"text": text, "steps": steps, "token": token, "outside": outside}
    messages.success(request, render_to_string("meetings/parts/relay_done.html", context, request=request))


def _act(
    request: HttpRequest,
    one: Relay,
    option: str,
    *,
    person: Person,
    via: str,
    home: str,
    link: AccessLink | None = None,
) -> HttpResponse:
    if option not in ACTS:
        raise Http404
    if not _may_act(one, person) or (
        not permissions.may_moderate(person) and Option(option) not in relay_options.theirs(one.target)
    ):
        raise PermissionDenied
    is_open = option in relay_options.options_for(one, person, at=clock.now())
    chosen = act_of(Option(option), one, is_fachstelle=permissions.may_moderate(person))
    form = chosen.build(one, request.POST if request.method == "POST" else None, request.FILES or None)
    moved = _has_moved(request, one)
    is_late = request.method == "POST" and (not is_open or bool(moved))
    status = _too_late(form, moved) if is_late else HTTPStatus.OK
    if not is_late and request.method == "POST" and form.is_valid():
        try:
            then = chosen.do(one, form, person, clock.now(), via)
        except relay_rules.Stale as stale:
            if isinstance(form, StoredForm):
                form.show_current(stale.current)
            form.add_error(None, str(stale))
            status = HTTPStatus.CONFLICT
        except FileRefused as refused:
            form.add_error("letter", str(refused))
        except REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            if isinstance(then, str):
                return redirect(then)
            done = chosen.done(one) if callable(chosen.done) else chosen.done
            say(request, str(done), one, token=links.token(link) if link else "")
            return redirect(home)
    at = clock.now()
    outlooks = [relay_arrival.outlook(one.target, due_on=one.due_on, at=at)] if option == Option.SEND else []
    context: dict[str, Any] = {"outlooks": outlooks, "fitting_date": relay_arrival.fitting_date(outlooks)}
    context["is_past"] = option == Option.SEND and one.due_on is not None and one.due_on < clock.local_date(at)
    context |= {"relay": one, "act": chosen, "form": form, "is_open": is_open, "home": home, "link": link}
    context["stands"] = _stands(one)
    template = "meetings/relay_act_link.html" if link else "meetings/relay_act.html"
    return render(request, template, context, status=status)


def _stands(one: Relay) -> str:
    """Where it stands, for a form to tell whether that has changed since it was opened."""
    return f"{one.state}-{one.target_item_id or 0}"


def _has_moved(request: HttpRequest, one: Relay) -> str:
    """What to say where somebody took another step since the form was opened, and it still makes sense; else empty."""
    if request.POST.get("stand", _stands(one)) == _stands(one):
        return ""
    said = _(
        "Inzwischen ist etwas geschehen. Der Stand ist jetzt: %s. Wenn Ihr Schritt trotzdem gelten soll, dann noch einmal."
    )
    return said % one.state_word


def _too_late(form: forms.Form, moved: str) -> HTTPStatus:
    """The page was old: nothing happens, and what was typed stays. `moved`: what to say where it may still be done."""
    form.full_clean()
    if form.fields or moved:
        form.add_error(
            None, moved or _("Das geht gerade nicht. Der Stand hat sich geändert, oder es ist schon geschehen.")
        )
    return HTTPStatus.CONFLICT


def _take_back(request: HttpRequest, one: Relay, *, person: Person, via: str) -> None:
    step = number_in(request.POST, "step") or 0
    found = relay_undo.last_step(one, at=clock.now())
    if found is not None and found.by_id != person.pk and not permissions.may_moderate(person):
        raise PermissionDenied
    try:
        relay_undo.take_back(one, step=step, by=person, at=clock.now(), via=via)
    except REFUSED as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Rückgängig gemacht. Alles steht, wie es vorher war."))


def _may_act(one: Relay, person: Person) -> bool:
    return permissions.may_moderate(person) or permissions.may_answer_for(person, one.target, at=clock.now())


def _home(link: AccessLink) -> str:
    return reverse("meetings:relay_link", args=[links.token(link)])
