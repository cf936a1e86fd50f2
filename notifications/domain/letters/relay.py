"""Letters about relays: a request from another body, and the answer to one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german, permissions
from buendnisse.clock import local_date
from buendnisse.enums import BodyKind, LinkPurpose, Office
from buendnisse.models import Body, Person
from meetings.domain import (
    relay_arrival,
    relay_ground,
    relay_options,
    relay_papers,
    relay_turn,
    relay_words,
    spokespeople,
    standing,
)
from meetings.domain.relay_options import Option
from meetings.domain.relay_turn import Turn
from meetings.enums import RelayAnswerKind, RelayKind, RelayState
from meetings.models import Meeting, Relay
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MAY_HAVE_ARRIVED, MailKind, OutboxState
from notifications.models import OutboxMessage

_MATTER = 80  # characters of the matter a subject line holds
_HEADINGS = {
    "sent": gettext_lazy("Bitte aus %s"),
    "again": gettext_lazy("Bitte aus %s"),
    "copy": gettext_lazy("Weitergeleitet aus %s"),
    "before": gettext_lazy("%s wartet auf Ihre Antwort"),
    "moved": gettext_lazy("Neue Frist, Bitte aus %s"),
    "late": gettext_lazy("%s hat noch keine Antwort"),
    "ours_before": gettext_lazy("Frist endet bald, Bitte aus %s"),
    "ours_late": gettext_lazy("Frist ist vorbei, Bitte aus %s"),
    "kept": gettext_lazy("Die Frage bleibt, Bitte aus %s"),
    "stands": gettext_lazy("Gilt wie zuvor, Bitte aus %s"),
    "withdrawn": gettext_lazy("Nicht mehr nötig, Bitte aus %s"),
}
#: The same where nothing is asked.
_NOTICES = {
    "kept": gettext_lazy("Die Mitteilung aus %s bleibt"),
    "stands": gettext_lazy("Gilt wie zuvor, Mitteilung aus %s"),
}
#: Reminders; whoever has had an answer needs none.
_REMINDERS = frozenset({"before", "late", "ours_before", "ours_late"})
#: What is said to those who are asked.
_ASKING = frozenset({"sent", "again", "before", "late", "kept", "stands"})
_ANSWERS = {
    RelayAnswerKind.CONDITIONAL: gettext_lazy("Antwort aus %s, mit Bedingungen"),
    RelayAnswerKind.PARTIAL: gettext_lazy("Antwort aus %s, zum Teil"),
}
#: How far an answer answers, where that was told wrongly before.
_RIGHT = {
    RelayAnswerKind.FULL: gettext_lazy("Die Antwort aus %s gilt ohne Einschränkung."),
    RelayAnswerKind.CONDITIONAL: gettext_lazy("Die Antwort aus %s gilt mit Bedingungen."),
    RelayAnswerKind.PARTIAL: gettext_lazy("Die Antwort aus %s gilt nur für einen Teil der Frage."),
}
#: Kinds of request in plain words, as members read them.
_PLAIN = {
    RelayKind.FOR_INFORMATION: gettext_lazy("Das Thema: „%s“. Eine Antwort ist nicht nötig."),
    RelayKind.OPINION_REQUESTED: gettext_lazy("Gefragt ist Ihre Meinung zum Thema „%s“."),
    RelayKind.VOTE_REQUESTED: gettext_lazy("Gefragt ist, ob Sie zustimmen. Das Thema: „%s“."),
    RelayKind.COOPERATION_REQUESTED: gettext_lazy("Gefragt ist, ob und wie Sie mitmachen. Das Thema: „%s“."),
    RelayKind.FEEDBACK_REQUESTED: gettext_lazy("Gefragt ist eine kurze Rückmeldung zum Thema „%s“."),
}


def request(message: OutboxMessage, at: dt.datetime) -> Letter:
    """What another body asks; later the same as a reminder, or that it is no longer needed."""
    relay, about = _relay(message), message.data["about"]
    if about in {"kept", "stands"} and not _was_told(message):
        about = "sent"  # it happened before the request left, which waits in no other mail any more
    _require_news(message, relay, about)
    if about == "moved" and not _was_told(message):
        about = "sent"
    arrival = relay_arrival.outlook(relay.target, due_on=relay.due_on, at=at)
    item = relay.target_item
    meeting = item.meeting if item and item.meeting else (arrival.first.meeting if arrival.first else None)
    headings = _HEADINGS if relay.expects_answer else _HEADINGS | _NOTICES
    what = headings[about] % relay.source.word
    can_act = _can_act(message.person, relay, about, at=at)
    context = {
        **_names(relay),
        "body": relay.target,
        "about": about,
        "fallen": relay_ground.fallen(relay),
        "next_step": _next_step(relay, at=at) if about.startswith("ours") else "",
        "own_step": _own_step(relay, at=at) if about == "copy" else "",
        "asked_for": _PLAIN[RelayKind(relay.kind)] % relay.subject if RelayKind(relay.kind) in _PLAIN else "",
        "answer_by": _answer_by(relay, about),
        "can_act": can_act,
        "heading": f"{what}: {relay.subject}",
        "subject_line": _subject(relay.target, meeting, what, relay),
        "papers": relay_papers.along([relay], reader=message.person, at=at).handed.get(relay.pk, ()),
        "meeting": meeting,
        "is_on_agenda": bool(item and item.meeting and relay.state == RelayState.ON_AGENDA),
        "arrival": arrival.first,
        "due_is_too_early": arrival.due_is_too_early,
        "path_url": urls_for.personal(message.person, purpose=LinkPurpose.RELAY, subject=relay, at=at),
        "button": _("Ansehen und antworten") if can_act else _("Den ganzen Weg ansehen"),
        "why": _why_asked(message.person, relay),
    }
    return Letter("relay", context, matter=relay)


def answer(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The answer has come home: both wordings, what comes next, and the way until today."""
    relay = _relay(message)
    if relay.state not in {RelayState.RETURNED, RelayState.CLOSED, RelayState.DECLINED}:
        raise NothingToSay
    if message.data.get("about") == "corrected" and (before := _told_last(message)) is not None:
        return _correction(message, relay, before, at=at)
    meeting = relay.returned_item.meeting if relay.returned_item else None
    next_meeting = None if meeting else standing.next_meeting(relay.source_id, at=at)
    wording = relay_words.answer_wording(relay, reader=message.person, at=at)
    is_no = relay_words.is_rejected(relay, wording)
    heading = _answer_heading(relay, is_no=is_no)
    context = {
        **_names(relay),
        "body": relay.source,
        "heading": heading,
        "subject_line": _subject(relay.source, meeting or next_meeting, heading, relay),
        "wording": wording,
        "beside": relay.answer if relay.answer_decision and wording == relay.answer_decision.text else "",
        "is_no": is_no,
        "papers": relay_papers.along([relay], reader=message.person, at=at).letters.get(relay.pk, ()),
        "meeting": meeting,
        "next_meeting": next_meeting,
        "is_proposer": _is_proposer(message.person, relay),
        "steps": _steps(relay, message.person, is_no=is_no),
        "path_url": urls_for.personal(message.person, purpose=LinkPurpose.RELAY, subject=relay, at=at),
        "why": _why_told(message.person, relay),
    }
    return Letter("relay_answer", context, matter=relay)


def _correction(message: OutboxMessage, relay: Relay, before: OutboxMessage, *, at: dt.datetime) -> Letter:
    """One sentence: how far the answer answers after all. Raises NothingToSay where just that was told."""
    if relay.answer_kind not in _RIGHT or before.data.get("said") == relay_words.stamp(relay):
        raise NothingToSay
    meeting = relay.returned_item.meeting if relay.returned_item else standing.next_meeting(relay.source_id, at=at)
    heading = _("Antwort aus %s berichtigt") % relay.target.word
    is_kept = relay.answer_decision is not None and relay_words.is_kept_from(
        relay.answer_decision, reader=message.person, at=at
    )
    context = {
        "relay": relay,
        "body": relay.source,
        "heading": heading,
        "subject_line": _subject(relay.source, meeting, heading, relay),
        "sentence": _RIGHT[RelayAnswerKind(relay.answer_kind)] % relay.target.word,
        "words": "" if is_kept else relay.answer,
        "path_url": urls_for.personal(message.person, purpose=LinkPurpose.RELAY, subject=relay, at=at),
        "why": _why_told(message.person, relay),
    }
    return Letter("relay_corrected", context, matter=relay)


def _can_act(person: Person, relay: Relay, about: str, *, at: dt.datetime) -> bool:
    """Whether the page behind the link takes an answer from this reader: from those who are asked, and may give it."""
    if about not in _ASKING or not relay.expects_answer:
        return False
    if not permissions.may_answer_for(person, relay.target, at=at):
        return False
    return not relay.target.meets or Option.TAKE_UP in relay_options.options(relay)


def _answer_by(relay: Relay, about: str) -> str:
    """The day, where the first sentence does not name it."""
    if not relay.due_on or about not in {"sent", "again", "kept", "stands", "copy"}:
        return ""
    words = _("Die Antwort soll bis %s da sein.") if about == "copy" else _("Bitte antworten Sie bis %s.")
    return words % german.long_day(relay.due_on)


def _relay(message: OutboxMessage) -> Relay:
    relay = Relay.objects.select_related(*relay_turn.RELATED).filter(pk=message.data["relay"]).first()
    if relay is None or _is_kept_from(message.person, relay):
        raise NothingToSay
    return relay


def _next_step(relay: Relay, *, at: dt.datetime) -> str:
    """Why it lies with the Fachstelle: its own turn, or the target can only be rung up."""
    waiting = relay_turn.waiting_for(relay, at=at)
    if waiting.turn == Turn.FACHSTELLE:
        return waiting.otherwise
    person = spokespeople.of([relay.target], day=local_date(at)).get(relay.target_id)
    if person is None:
        return _("Für %s spricht gerade niemand. Bitte fragen Sie dort nach.") % relay.target.word
    way = _("Telefon %s") % person.phone if person.phone else _("Keine Telefonnummer eingetragen")
    return _("%(name)s bekommt keine E-Mail. Bitte rufen Sie an. %(way)s.") % {"name": person.formal_name, "way": way}


def _own_step(relay: Relay, *, at: dt.datetime) -> str:
    """What comes next, for colleagues: to a body outside somebody has to carry it, and one of them has sent it."""
    waiting = relay_turn.waiting_for(relay, at=at)
    carried = relay.target.kind == BodyKind.EXTERNAL and waiting.turn == Turn.FACHSTELLE
    agree = (
        _("Bitte sprechen Sie mit %s ab, wer das tut.") % relay.sent_by.full_name if carried and relay.sent_by else ""
    )
    return german.sentences(waiting.otherwise, agree)


def _is_kept_from(person: Person, relay: Relay) -> bool:
    """Its topic has become confidential since: from then on only the Fachstelle reads of it."""
    item = relay.source_item or (relay.source_decision.agenda_item if relay.source_decision else None)
    return item is not None and person.office != Office.FACHSTELLE and item.confidential_to.exists()


def _is_travelling(relay: Relay) -> bool:
    return relay.state in relay_ground.UNDER_WAY and relay.state != RelayState.DRAFT


def _require_news(message: OutboxMessage, relay: Relay, about: str) -> None:
    """Raises NothingToSay where the relay has gone another way since, or the reader knows already.

    Who never heard of a request need not hear that it is over.
    """
    is_over = relay.state in {RelayState.WITHDRAWN, RelayState.DRAFT}
    match about:
        case "withdrawn":
            is_news = relay.state == RelayState.WITHDRAWN and _was_told(message)
        case "moved":
            is_news = _is_travelling(relay) and relay.due_on == dt.date.fromisoformat(message.data["due"])
        case "kept":
            is_news = _is_travelling(relay) and relay.kept_at is not None and bool(relay_ground.fallen(relay))
        case "stands":
            is_news = _is_travelling(relay) and not relay_ground.fallen(relay) and _heard_of_the_fall(message)
        case "again":
            is_news = not is_over and not _was_told(message)
        case _ if about in _REMINDERS:
            due = message.data.get("due")
            is_news = _is_travelling(relay) and (not due or relay.due_on == dt.date.fromisoformat(due))
        case _:
            is_news = not is_over
    if not is_news:
        raise NothingToSay


def _was_told(message: OutboxMessage) -> bool:
    return _told_last(message) is not None


def _heard_of_the_fall(message: OutboxMessage) -> bool:
    """Whether the last this reader may have read about the ground of the relay is that it fell."""
    told = OutboxMessage.objects.filter(person=message.person_id, matter=message.matter, state__in=MAY_HAVE_ARRIVED)
    told = told.filter(data__about__in=["kept", "stands"]).exclude(pk=message.pk)
    return told.order_by("-pk").values_list("data__about", flat=True).first() == "kept"


def _told_last(message: OutboxMessage) -> OutboxMessage | None:
    """What this reader was sent of the same matter before."""
    told = OutboxMessage.objects.filter(person=message.person_id, matter=message.matter, state=OutboxState.SENT)
    return told.exclude(pk=message.pk).order_by("-pk").first()


def _names(relay: Relay) -> dict[str, Any]:
    """Both bodies as a sentence names them; nominative and accusative are the same for "das Arbeitsbündnis"."""
    return {
        "relay": relay,
        "source": relay_words.with_article(relay.source),
        "target": relay_words.with_article(relay.target),
    }


def _subject(body: Body, meeting: Meeting | None, words: str, relay: Relay) -> str:
    """The matter comes last: where a phone cuts the line off, the rest still says what it is.

    The date is that of the meeting it is for. Without one there is none: any other would read like a meeting's.
    """
    start = f"{body.word}, {german.short_day(meeting.start)}" if meeting else body.word
    return f"{start}: {words}, „{Truncator(relay.subject).chars(_MATTER)}“"


def _answer_heading(relay: Relay, *, is_no: bool) -> str:
    target = relay.target.word
    if relay.state == RelayState.DECLINED:
        return _("%s ist dafür nicht die richtige Stelle") % target
    if relay.outcome:
        return _("Ergebnis aus %(target)s, %(outcome)s") % {"target": target, "outcome": relay.get_outcome_display()}
    if is_no:
        return _("%s lehnt ab") % target
    return _ANSWERS.get(RelayAnswerKind(relay.answer_kind or "full"), _("Antwort aus %s")) % target


def _steps(relay: Relay, reader: Person, *, is_no: bool) -> list[str]:
    """The way until today, a line each."""
    item, decision = relay.source_item, relay.source_decision
    days: list[tuple[dt.date, str]] = []
    if item is not None and item.submitted_at and item.proposer_id:
        said = _("Sie schlagen das Thema vor.") if item.proposer_id == reader.pk else _("Das Thema wird vorgeschlagen.")
        days.append((local_date(item.submitted_at), said))
    if decision is not None:
        days.append((decision.decided_on, _("%s stellt die Frage.") % relay.source.word))
    if relay.sent_at:
        days.append((local_date(relay.sent_at), _("Die Fachstelle gibt die Frage an %s weiter.") % relay.target.word))
    ended = relay.outcome_on or relay.answered_at or relay.declined_at
    if ended:
        day = local_date(ended) if isinstance(ended, dt.datetime) else ended
        days.append((day, _ended(relay, is_no=is_no) % relay.target.word))
    return [f"{german.day(day)}: {words}" for day, words in sorted(days, key=lambda pair: pair[0])]


def _ended(relay: Relay, *, is_no: bool) -> str:
    if relay.state == RelayState.DECLINED:
        return _("%s ist dafür nicht die richtige Stelle.")
    return _("%s lehnt ab.") if is_no else _("%s antwortet.")


def _is_proposer(person: Person, relay: Relay) -> bool:
    return relay.source_item is not None and relay.source_item.proposer_id == person.pk


def _why_asked(person: Person, relay: Relay) -> str:
    if person.office == Office.FACHSTELLE:
        return _("Sie arbeiten in der Fachstelle.")
    if not relay.target.meets:
        return _("Sie gehören zu dieser Stelle: %s.") % relay.target.name
    return _("Sie sprechen für %s.") % relay_words.with_article(relay.target)


def _why_told(person: Person, relay: Relay) -> str:
    item: Any = relay.source_item
    if _is_proposer(person, relay):
        if item.submitted_at:
            return _("Sie haben dieses Thema am %s vorgeschlagen.") % german.day(item.submitted_at)
        return _("Sie haben dieses Thema vorgeschlagen.")
    return _("Sie haben den Vorsitz im %s.") % relay.source.named


COMPOSERS: dict[str, Composer] = {MailKind.RELAY: request, MailKind.RELAY_ANSWER: answer}
