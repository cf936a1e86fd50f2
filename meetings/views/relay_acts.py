"""What the Fachstelle does with a relay: each act a page of its own, with one form and one button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Person
from buendnisse.views.gate import moderator
from meetings.domain import relay, relay_arrival, relay_board, relay_options, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_arrival import Door
from meetings.domain.relay_options import Option
from meetings.enums import RelayAnswerKind
from meetings.forms.relays import (
    AnswerForm,
    NothingForm,
    OutcomeForm,
    ReasonForm,
    TakeUpForm,
    WordingForm,
    wording_of,
)
from meetings.models import Relay
from meetings.views.relays import relay_of

#: Makes an act's form from what was posted (None: nothing yet).
Build = Callable[[Relay, Any], forms.Form]
#: Does the act with what the form says.
Do = Callable[[Relay, Any, Person, dt.datetime], object]


@dataclass(frozen=True)
class Act:
    """One act: the question as its title, what to know before, the button, and what is said afterwards."""

    title: Any
    text: Any
    button: Any
    done: Any
    build: Build
    do: Do


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: PersonRequest, number: str, option: str) -> HttpResponse:
    """Ask, then do. A refusal is said in the form, and nothing typed is lost."""
    one = relay_of(request.user, number)
    if option not in ACTS:
        raise Http404
    chosen, is_open = ACTS[Option(option)], Option(option) in relay_options.options(one)
    form = chosen.build(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.do(one, form, request.user, clock.now())
        except (relay_rules.RelayRefused, MoveRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, chosen.done)
            return redirect("meetings:relay_path", number=one.number)
    context = {"relay": one, "act": chosen, "form": form, "is_open": is_open}
    return render(request, "meetings/relay_act.html", context)


def _nothing(one: Relay, data: Any) -> forms.Form:
    return NothingForm(data)


def _wording(one: Relay, data: Any) -> forms.Form:
    return WordingForm(data, initial=wording_of(one))


def _meetings(one: Relay, data: Any) -> forms.Form:
    return TakeUpForm(data, arrivals=relay_arrival.arrivals(one.target, at=clock.now()))


def _answer(one: Relay, data: Any) -> forms.Form:
    return AnswerForm(data, decisions=relay_board.decisions_that_may_answer(one))


def _outcome(one: Relay, data: Any) -> forms.Form:
    return OutcomeForm(data, initial={"on": one.due_on})


def _reason(one: Relay, data: Any) -> forms.Form:
    return ReasonForm(data)


def _do_reword(one: Relay, form: WordingForm, by: Person, at: dt.datetime) -> None:
    data = form.cleaned_data
    version = data["version"] or one.version
    words = {"subject": data["subject"], "message": data["message"], "due_on": data["due_on"]}
    relay.reword(one, **words, version=version, by=by, at=at)


def _do_take_up(one: Relay, form: TakeUpForm, by: Person, at: dt.datetime) -> None:
    arrival = form.arrival
    relay.take_up(
        one,
        meeting=arrival.meeting,
        minutes=form.cleaned_data["minutes"],
        is_urgent=arrival.door is Door.SHUT,
        by=by,
        at=at,
    )


def _do_answer(one: Relay, form: AnswerForm, by: Person, at: dt.datetime) -> None:
    words, kind = form.cleaned_data["words"], RelayAnswerKind(form.cleaned_data["answer_kind"])
    if form.chosen is not None:
        relay.answer_with_decision(one, decision=form.chosen, kind=kind, words=words, by=by, at=at)
    else:
        relay.answer_with_text(one, words=words, kind=kind, by=by, at=at)


def _do_outcome(one: Relay, form: OutcomeForm, by: Person, at: dt.datetime) -> None:
    data = form.cleaned_data
    relay.record_outcome(one, outcome=data["outcome"], on=data["on"], words=data["words"], by=by, at=at)


ACTS: Mapping[Option, Act] = {
    Option.SEND: Act(
        _("Diesen Entwurf senden?"),
        _("Danach ändert sich am Wortlaut nichts mehr. Die Mail geht in einer Minute hinaus."),
        _("Jetzt senden"),
        _("Weitergeleitet. Die Mail geht in einer Minute hinaus."),
        _nothing,
        lambda one, _form, by, at: relay.send(one, by=by, at=at),
    ),
    Option.REWORD: Act(
        _("Entwurf ändern"),
        _("Solange die Weiterleitung nicht gesendet ist, lässt sich alles ändern."),
        _("Entwurf speichern"),
        _("Entwurf gespeichert."),
        _wording,
        _do_reword,
    ),
    Option.TAKE_UP: Act(
        _("Auf die Tagesordnung nehmen"),
        _("Das Bündnis bekommt einen eigenen Punkt. Sein Beschluss ist die Antwort und geht von selbst zurück."),
        _("Auf die Tagesordnung nehmen"),
        _("Steht auf der Tagesordnung."),
        _meetings,
        _do_take_up,
    ),
    Option.OUTCOME: Act(
        _("Was wurde aus der Empfehlung?"),
        _("Das Ergebnis steht danach im Bericht der nächsten Sitzung."),
        _("Ergebnis eintragen"),
        _("Ergebnis eingetragen. Es steht im nächsten Bericht der Fachstelle."),
        _outcome,
        _do_outcome,
    ),
    Option.ANSWER: Act(
        _("Antwort eintragen"),
        _("Ein Beschluss unter dem eigenen Punkt antwortet von selbst. Hier tragen Sie ein, was anders gekommen ist."),
        _("Antwort eintragen und zustellen"),
        _("Antwort eingetragen. Sie ist auf dem Weg zurück."),
        _answer,
        _do_answer,
    ),
    Option.ACKNOWLEDGE: Act(
        _("Ist sie angekommen?"),
        _("Sie vermerken, dass sich jemand darum kümmert."),
        _("Ja, angekommen"),
        _("Vermerkt: angekommen."),
        _nothing,
        lambda one, _form, by, at: relay.acknowledge(one, by=by, at=at),
    ),
    Option.DISCUSS: Act(
        _("Beraten, noch ohne Antwort?"),
        _("Die Frist läuft weiter. Das Programm erinnert sieben Tage vorher."),
        _("Als beraten vermerken"),
        _("Vermerkt: beraten, die Antwort steht noch aus."),
        _nothing,
        lambda one, _form, by, at: relay.discuss(one, by=by, at=at),
    ),
    Option.DECLINE: Act(
        _("Nicht zuständig?"),
        _("Auch das ist eine Antwort. Sie steht im nächsten Bericht beim Absender."),
        _("Mit dieser Begründung zurückgeben"),
        _("Zurückgegeben. Der Absender hört davon."),
        _reason,
        lambda one, form, by, at: relay.decline(one, reason=form.cleaned_data["reason"], by=by, at=at),
    ),
    Option.WITHDRAW: Act(
        _("Weiterleitung zurücknehmen?"),
        _("Der Empfänger muss nichts mehr tun. Die Nummer bleibt vergeben."),
        _("Zurücknehmen"),
        _("Zurückgenommen."),
        _reason,
        lambda one, form, by, at: relay.withdraw(one, reason=form.cleaned_data["reason"], by=by, at=at),
    ),
}
