"""What is said after an act with a relay, beside the button that puts it right."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.enums import BodyKind
from meetings.domain import agenda_order
from meetings.models import Relay


def sent_words(sent: Sequence[Relay]) -> str:
    """What is said after sending: bodies outside get no mail of ours, somebody has to carry it there."""
    outside = [one.target.name for one in sent if one.target.kind == BodyKind.EXTERNAL]
    by_mail = len(outside) < len(sent)
    words = [_("Weitergeleitet."), _("Die Mail geht in einer Minute hinaus.") if by_mail else ""]
    if outside:
        words.append(_("Bitte geben Sie es selbst weiter an: %s.") % german.listing(outside))
    return german.sentences(*(str(one) for one in words))


def standing_words(one: Relay) -> str:
    """What is said once it stands on an agenda, also where that has become too long, or was sent already."""
    meeting = one.target_item.meeting if one.target_item else None
    said = [str(_("Steht auf der Tagesordnung."))]
    if meeting is not None and (over := agenda_order.minutes_over(meeting)):
        longer = _("Die Tagesordnung ist jetzt %s länger als die Sitzung. Ein Punkt muss kürzer werden.")
        said.append(str(longer) % german.count(over, "Minute", "Minuten"))
    if meeting is not None and meeting.agenda_sent_at is not None:
        said.append(str(_("Die Tagesordnung war schon verschickt. Die Fachstelle verschickt eine geänderte Fassung.")))
    return german.sentences(*said)


def withdrawn_words(one: Relay) -> str:
    """What is said once it is taken back: a body outside hears of it from us alone."""
    what = _("Der Entwurf ist zurückgenommen.") if one.sent_at is None else _("Die Bitte ist zurückgenommen.")
    if not one.expects_answer and one.sent_at is not None:
        what = _("Die Mitteilung ist zurückgenommen.")
    return german.sentences(str(what), carry_back(one))


def carry_back(one: Relay) -> str:
    """That a body outside has to be told by us; empty for all others, and for a draft."""
    if one.sent_at is None or one.target.kind != BodyKind.EXTERNAL:
        return ""
    return str(_("Dorthin geht keine E-Mail. Bitte sagen Sie selbst Bescheid: %s.")) % one.target.name
