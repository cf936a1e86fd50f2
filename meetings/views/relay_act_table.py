"""The acts one can do with a relay: the question of each page, its form, its button, and the verb behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from buendnisse import clock, german
from buendnisse.models import Person
from meetings.domain import (
    agenda_successor,
    relay,
    relay_arrival,
    relay_board,
    relay_letter,
    relay_options,
    relay_papers,
    relay_steer,
)
from meetings.domain.relay_arrival import Door
from meetings.domain.relay_options import Option, goes_back, is_planned_again, options, withdrawing
from meetings.enums import RelayAnswerKind
from meetings.forms.relay_answers import AnswerForm, CorrectForm, NoteForm, OutcomeForm, UnitAnswerForm
from meetings.forms.relays import (
    DeferForm,
    DueForm,
    NothingForm,
    ReasonForm,
    SendForm,
    TakeUpForm,
    WordingForm,
    laid_with,
    wording_of,
)
from meetings.models import Relay
from meetings.views import relay_said

#: Makes an act's form from what was posted (None: nothing yet) and the files along.
Build = Callable[[Relay, Any, Any], forms.Form]
#: Does the act with what the form says; an address where one goes on elsewhere.
Do = Callable[[Relay, Any, Person, dt.datetime, str], object]


@dataclass(frozen=True)
class Act:
    """One act: the question as its title, what to know before, the button, and what is said afterwards.

    `done` may depend on the relay.
    """

    title: Any
    text: Any
    button: Any
    done: Any
    build: Build
    do: Do
    has_file: bool = False


def _send(one: Relay, data: Any, files: Any) -> forms.Form:
    return SendForm(data)


def _do_send(one: Relay, form: SendForm, by: Person, at: dt.datetime, via: str) -> str | None:
    """Send it; or give the draft the date that fits, or send it and go on to the vote."""
    if form.new_date is not None:
        words = wording_of(one) | {"due_on": form.new_date}
        relay.reword(one, **words, by=by, at=at)
        return reverse("meetings:relay_act", args=[one.number, Option.SEND])
    relay.send(one, by=by, at=at)
    may_vote = form.is_to_be_voted_on and Option.VOTE in options(one)
    return _do_vote(one, form, by, at, via) if may_vote else None


def _answer_of_unit(one: Relay, data: Any, files: Any) -> forms.Form:
    return UnitAnswerForm(data, files)


def _nothing(one: Relay, data: Any, files: Any) -> forms.Form:
    return NothingForm(data)


def _wording(one: Relay, data: Any, files: Any) -> forms.Form:
    chosen = one.supporting.select_related("source", "target")
    return WordingForm(
        data,
        initial=wording_of(one) | laid_with(one),
        with_date=one.expects_answer,
        papers=relay_papers.that_may_go_with(one),
        answered=relay_board.that_may_support(one.source, chosen=chosen, at=clock.now()),
    )


def _meetings(one: Relay, data: Any, files: Any) -> forms.Form:
    return TakeUpForm(data, arrivals=relay_arrival.arrivals(one.target, at=clock.now()))


def _later(one: Relay, data: Any, files: Any) -> forms.Form:
    meetings = agenda_successor.meetings_after(one.target_item) if one.target_item else []
    return DeferForm(data, meetings=meetings, why=relay_options.why_planned_again(one))


def _answer(one: Relay, data: Any, files: Any) -> forms.Form:
    return AnswerForm(data, files, decisions=relay_board.decisions_that_may_answer(one))


def _note(one: Relay, data: Any, files: Any) -> forms.Form:
    return NoteForm(data)


def _correct(one: Relay, data: Any, files: Any) -> forms.Form:
    return CorrectForm(data, relay=one)


def _outcome(one: Relay, data: Any, files: Any) -> forms.Form:
    today = clock.local_date(clock.now())
    return OutcomeForm(data, files, initial={"on": min(one.due_on or today, today)})


def _reason(one: Relay, data: Any, files: Any) -> forms.Form:
    return ReasonForm(data)


def _due(one: Relay, data: Any, files: Any) -> forms.Form:
    fitting = relay_arrival.outlook(one.target, due_on=one.due_on, at=clock.now()).fitting_date
    return DueForm(data, initial={"due_on": fitting or one.due_on, "version": one.version})


def _do_reword(one: Relay, form: WordingForm, by: Person, at: dt.datetime, via: str) -> None:
    relay.reword(one, **form.words, version=form.cleaned_data["version"] or one.version, by=by, at=at)


def _do_take_up(one: Relay, form: TakeUpForm, by: Person, at: dt.datetime, via: str) -> None:
    arrival, minutes = form.arrival, form.cleaned_data["minutes"]
    is_urgent = arrival.door is Door.SHUT
    relay.take_up(one, meeting=arrival.meeting, minutes=minutes, is_urgent=is_urgent, by=by, at=at, via=via)


def vote_page(one: Relay) -> str:
    """Where the vote by mail about it is written. Only its draft takes the question up: to look there changes nothing."""
    return f"{reverse('notifications:vote_new')}?bitte={one.number}"


def _do_vote(one: Relay, form: forms.Form, by: Person, at: dt.datetime, via: str) -> str:
    return vote_page(one)


def _do_answer(one: Relay, form: AnswerForm | UnitAnswerForm, by: Person, at: dt.datetime, via: str) -> None:
    data = form.cleaned_data
    words, kind = data["words"], RelayAnswerKind(data["answer_kind"])
    with relay_letter.kept(data.get("letter"), one, form_key=data["form_key"], by=by, at=at) as papers:
        if form.chosen is not None:
            relay.answer_with_decision(one, decision=form.chosen, kind=kind, words=words, papers=papers, by=by, at=at)
        else:
            relay.answer_with_text(one, words=words, kind=kind, papers=papers, by=by, at=at, via=via)


def _do_note(one: Relay, form: NoteForm, by: Person, at: dt.datetime, via: str) -> None:
    relay.answer_with_text(one, words=form.cleaned_data["words"], by=by, at=at, via=via)


def _do_correct(one: Relay, form: CorrectForm, by: Person, at: dt.datetime, via: str) -> None:
    data = form.cleaned_data
    reply = relay.Reply(RelayAnswerKind(data["answer_kind"]), data["words"])
    relay.correct(one, reply=reply, version=data["version"], by=by, at=at)


def _do_outcome(one: Relay, form: OutcomeForm, by: Person, at: dt.datetime, via: str) -> None:
    data = form.cleaned_data
    with relay_letter.kept(data.get("letter"), one, form_key=data["form_key"], by=by, at=at) as papers:
        relay.record_outcome(
            one, outcome=data["outcome"], on=data["on"], words=data["words"], papers=papers, by=by, at=at
        )


ACTS: Mapping[Option, Act] = {
    Option.SEND: Act(
        _("Diesen Entwurf senden?"),
        _("Danach ändert sich am Wortlaut nichts mehr."),
        _("Jetzt senden"),
        lambda one: relay_said.sent_words([one]),
        _send,
        _do_send,
    ),
    Option.REWORD: Act(
        _("Entwurf ändern"),
        _(
            "Solange der Entwurf nicht gesendet ist, lässt sich das alles ändern. Für einen anderen Empfänger oder "
            "eine andere Art der Bitte nehmen Sie ihn zurück und beginnen neu."
        ),
        _("Entwurf speichern"),
        _("Entwurf gespeichert."),
        _wording,
        _do_reword,
    ),
    Option.KEEP: Act(
        _("Trotzdem weiterlaufen lassen?"),
        _("Der Beschluss dahinter gilt nicht mehr. Beide Seiten lesen das, die Frage bleibt offen."),
        _("Weiterlaufen lassen"),
        _("Läuft weiter."),
        _nothing,
        lambda one, _form, by, at, _via: relay_steer.keep(one, by=by, at=at),
    ),
    Option.TAKE_UP: Act(
        _("Auf die Tagesordnung nehmen"),
        _("Das Bündnis bekommt einen eigenen Punkt. Sein Beschluss ist die Antwort und geht von selbst zurück."),
        _("Auf die Tagesordnung nehmen"),
        relay_said.standing_words,
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
        has_file=True,
    ),
    Option.ANSWER: Act(
        _("Antwort eintragen"),
        _("Ein Beschluss unter dem eigenen Punkt antwortet von selbst. Hier tragen Sie ein, was anders gekommen ist."),
        _("Antwort eintragen und zustellen"),
        _("Antwort eingetragen. Sie ist auf dem Weg zurück."),
        _answer,
        _do_answer,
        has_file=True,
    ),
    Option.DEFER: Act(
        _("Vertagen?"),
        _("Die Frage bleibt offen. Beide Seiten lesen, wann sie beraten wird."),
        _("Vertagen"),
        _("Vertagt. Beide Seiten lesen es auf der Seite der Weiterleitung."),
        _later,
        lambda one, form, by, at, via: relay_steer.defer(
            one, to=form.chosen, reason=form.cleaned_data["reason"], by=by, at=at, via=via
        ),
    ),
    Option.VOTE: Act(
        _("Per E-Mail abstimmen lassen?"),
        _("Sie schreiben, worüber abgestimmt wird. Das Ergebnis der Abstimmung ist die Antwort."),
        _("Abstimmung vorbereiten"),
        "",
        _nothing,
        _do_vote,
    ),
    Option.NEW_DATE: Act(
        _("Neue Frist"),
        _("Der Wortlaut bleibt. Vorgeschlagen ist eine Woche nach der nächsten Sitzung, die es aufnehmen kann."),
        _("Frist ändern"),
        _("Die neue Frist steht auf beiden Seiten."),
        _due,
        lambda one, form, by, at, _via: relay_steer.move_due(one, **form.cleaned_data, by=by, at=at),
    ),
    Option.ACKNOWLEDGE: Act(
        _("Ist sie angekommen?"),
        _("Sie vermerken, dass sich jemand darum kümmert."),
        _("Ja, angekommen"),
        _("Vermerkt: angekommen."),
        _nothing,
        lambda one, _form, by, at, via: relay.acknowledge(one, by=by, at=at, via=via),
    ),
    Option.DISCUSS: Act(
        _("Beraten, noch ohne Antwort?"),
        _("Die Frist läuft weiter. Das Programm erinnert sieben Tage vorher."),
        _("Als beraten vermerken"),
        _("Vermerkt: beraten, die Antwort steht noch aus."),
        _nothing,
        lambda one, _form, by, at, _via: relay.discuss(one, by=by, at=at),
    ),
    Option.CLOSE: Act(
        _("Als gelesen abschließen?"),
        _("Sonst schließt die nächste Sitzung sie von selbst ab, in deren Bericht die Antwort steht."),
        _("Abschließen"),
        _("Abgeschlossen."),
        _nothing,
        lambda one, _form, by, at, _via: relay_steer.close(one, by=by, at=at),
    ),
    Option.CORRECT: Act(
        _("Art der Antwort ändern"),
        _("Der Beschluss bleibt, wie er ist. Was Sie hier eintragen, lesen beide Seiten."),
        _("Ändern"),
        _("Geändert. Wer gefragt hat, bekommt eine kurze Berichtigung."),
        _correct,
        _do_correct,
    ),
    Option.DECLINE: Act(
        _("Nicht zuständig?"),
        _("Auch das ist eine Antwort. Sie steht im nächsten Bericht beim Absender."),
        _("Mit dieser Begründung zurückgeben"),
        _("Zurückgegeben. Der Absender hört davon."),
        _reason,
        lambda one, form, by, at, via: relay.decline(one, reason=form.cleaned_data["reason"], by=by, at=at, via=via),
    ),
    Option.WITHDRAW: Act(
        _("Die Bitte zurücknehmen?"),
        _("Wer gefragt ist, muss dann nichts mehr tun. Die Nummer bleibt vergeben."),
        _("Zurücknehmen"),
        relay_said.withdrawn_words,
        _reason,
        lambda one, form, by, at, _via: relay.withdraw(one, reason=form.cleaned_data["reason"], by=by, at=at),
    ),
}

#: How the same acts are put where they mean something else.
_OWN_ANSWER = replace(
    ACTS[Option.ANSWER],
    title=_("Ihre Antwort"),
    text="",
    button=_("Antwort senden"),
    done=_("Vielen Dank. Ihre Antwort ist auf dem Weg zurück."),
    build=_answer_of_unit,
)
_NOTED = replace(
    ACTS[Option.ANSWER],
    title=_("Zur Kenntnis genommen?"),
    text=_("Eine Antwort wird nicht erwartet. Mit dem Vermerk ist die Weiterleitung abgeschlossen."),
    button=_("Kenntnisnahme vermerken"),
    done=_("Vermerkt: zur Kenntnis genommen."),
    build=_note,
    do=_do_note,
    has_file=False,
)
_NOT_MEETING = replace(
    ACTS[Option.ANSWER], text=_("Hier tragen Sie ein, was Sie als Antwort bekommen haben."), build=_answer_of_unit
)
_AGAIN = replace(ACTS[Option.TAKE_UP], title=_("Neu einplanen"), button=_("Neu einplanen"))
_ELSEWHERE = replace(
    ACTS[Option.DEFER],
    title=_("Neu einplanen"),
    text=_("Die Sitzung fällt aus, die Frage bleibt. Beide Seiten lesen, wann sie beraten wird."),
    button=_("Neu einplanen"),
    done=_("Neu eingeplant. Beide Seiten lesen es auf der Seite der Weiterleitung."),
)
_OURS_AFTER_ALL = replace(
    ACTS[Option.ACKNOWLEDGE],
    title=_("Doch zuständig?"),
    text=_("Die Begründung fällt weg, und die Frage ist wieder offen."),
    button=_("Ja, doch zuständig"),
    done=_("Die Frage ist wieder offen."),
)


def act_of(option: Option, one: Relay, *, is_fachstelle: bool) -> Act:
    """The act as this relay and this reader need it put."""
    found = ACTS[option]
    match option:
        case Option.ANSWER if not one.expects_answer:
            found = _NOTED
        case Option.ANSWER if not one.target.meets:
            found = _NOT_MEETING if is_fachstelle else _OWN_ANSWER
        case Option.TAKE_UP if is_planned_again(one):
            found = _AGAIN
        case Option.DEFER if is_planned_again(one):
            found = _ELSEWHERE
        case Option.ACKNOWLEDGE if goes_back(one):
            found = _OURS_AFTER_ALL
        case Option.WITHDRAW:
            text = german.sentences(str(found.text), relay_said.carry_back(one))
            found = replace(found, title=f"{withdrawing(one)}?", text=text)
    return found
