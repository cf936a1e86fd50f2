"""Counted votes and the quorum: what an alliance can decide with who is there, and which numbers cannot be right."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from meetings.domain import quorum
from meetings.enums import DecisionKind, DecisionState

#: What an alliance can still do while too few organisations are represented.
WITHOUT_QUORUM = frozenset({DecisionKind.RECOMMENDATION, DecisionKind.ACKNOWLEDGEMENT})


class QuorumMissing(Exception):
    """Too few organisations are represented: the alliance can only recommend."""


class VotesImpossible(Exception):
    """The numbers cannot be right, or say something else than the words beside them."""


class AttendanceMissing(Exception):
    """Votes were counted, and nobody wrote down who was there: nobody could say whether they count."""


@dataclass(frozen=True)
class Votes:
    """One vote an organisation. `entitled`: those that could have voted; None where nobody counted them."""

    yes: int
    no: int
    abstain: int = 0
    entitled: int | None = None

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.abstain) < 0:
            raise VotesImpossible(_("Stimmen können nicht weniger als null sein."))
        if self.entitled is not None and self.yes + self.no + self.abstain > self.entitled:
            raise VotesImpossible(
                _("Es sind mehr Stimmen (%(cast)d) als stimmberechtigte Organisationen (%(entitled)d).")
                % {"cast": self.yes + self.no + self.abstain, "entitled": self.entitled}
            )

    @property
    def carried(self) -> bool:
        """Simple majority: abstentions do not count, a tie is a rejection."""
        return self.yes > self.no

    @property
    def is_consensus(self) -> bool:
        """Nobody was against it."""
        return self.carried and self.no == 0


def require_fitting(votes: Votes | None, *, kind: str, state: str) -> None:
    """What was counted has to say what was written down; nobody votes on what is only noted. Raises VotesImpossible."""
    if kind == DecisionKind.ACKNOWLEDGEMENT and (votes is not None or state == DecisionState.REJECTED):
        raise VotesImpossible(
            _(
                "Zur Kenntnis nehmen heißt: Es wird nicht abgestimmt und nichts abgelehnt. "
                "Bitte leeren Sie die Stimmen, oder wählen Sie „Beschluss mit Abstimmung“."
            )
        )
    if votes is None:
        return
    counted = {"yes": votes.yes, "no": votes.no}
    if state == DecisionState.POSTPONED:
        raise VotesImpossible(
            _("Ein vertagter Beschluss hat keine Stimmen. Bitte leeren Sie die Felder, oder wählen Sie „gefasst“.")
        )
    if state == DecisionState.REJECTED and votes.carried:
        raise VotesImpossible(
            _("Mit %(yes)d Ja und %(no)d Nein ist er gefasst, nicht abgelehnt. Bitte prüfen Sie Stimmen und Ergebnis.")
            % counted
        )
    if kind == DecisionKind.CONSENSUS and not votes.is_consensus:
        raise VotesImpossible(
            _("Mit %(yes)d Ja und %(no)d Nein ist es nicht einvernehmlich, sondern ein Beschluss mit Abstimmung.")
            % counted
        )


def require_quorum(counted: quorum.Quorum, kind: str, votes: Votes | None) -> None:
    """Raises AttendanceMissing, VotesImpossible, QuorumMissing."""
    if votes is not None and votes.entitled is not None:
        _require_voters(votes, counted)
    if counted.is_doubted and kind not in WITHOUT_QUORUM:
        raise QuorumMissing(
            _(
                "Das Bündnis ist nicht beschlussfähig: %(present)d von %(entitled)d Organisationen sind vertreten, "
                "nötig sind %(needed)d. Möglich ist eine Empfehlung, oder später eine Abstimmung per E-Mail."
            )
            % {"present": counted.present, "entitled": counted.entitled, "needed": counted.needed}
        )


def _require_voters(votes: Votes, counted: quorum.Quorum) -> None:
    """Votes counted against the entitled need the list of who is there; more than are there is a slip of the counting.

    With `entitled` None (from paper, or another house's records) nobody can check, and the numbers are taken as given.
    """
    if not counted.is_recorded:
        raise AttendanceMissing(
            _(
                "Für gezählte Stimmen fehlt die Anwesenheit. Bitte haken Sie zuerst ab, wer da ist, "
                "oder lassen Sie die Stimmen leer."
            )
        )
    cast = votes.yes + votes.no + votes.abstain
    if cast > counted.present:
        raise VotesImpossible(
            _("Es sind mehr Stimmen (%(cast)d) als anwesende stimmberechtigte Organisationen (%(present)d).")
            % {"cast": cast, "present": counted.present}
        )
