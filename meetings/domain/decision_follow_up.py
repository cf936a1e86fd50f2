"""What became of a decision: said by the Fachstelle, or by the one person who is responsible for it, by link.

Responsible is who got the first task out of it, until the Fachstelle names somebody else. The organisation is kept
beside the person, so that lists name no people and a change of staff loses nothing.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.enums import Office, Via
from buendnisse.models import Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.domain import versions
from meetings.domain.decision_journal import record
from meetings.domain.moves import MoveRefused, move
from meetings.enums import DECISION_STANDING, DecisionState, Happened
from meetings.models import Decision


class FollowUpMissing(Exception):
    """What is not done yet needs a day to come back to it."""


class NotResponsible(Exception):
    """Somebody else is responsible now, or the decision does not hold any more."""


def follow_up(
    decision: Decision,
    *,
    state: str,
    version: int,
    by: Person,
    at: dt.datetime,
    note: str | None = None,
    report: str | None = None,
    follow_up_on: dt.date | None = None,
    via: str = Via.WEB,
) -> None:
    """What became of a decision that holds, and when it is looked at again; without `note` the one there stays.

    `report`: the words of whoever is responsible. `version` is the one the writer has read. Raises Stale, MoveRefused.
    """
    said = {"follow_up_on": follow_up_on, "note": decision.note if note is None else note.strip()}
    if report is not None:
        said["report"] = report.strip()
    with transaction.atomic():
        require_standing(Decision.objects.get(pk=decision.pk))
        if state not in DECISION_STANDING:
            raise MoveRefused(_("Das geht nicht: Wie es um den Beschluss steht, sagt nur seine Umsetzung."))
        if not versions.claim(decision, version=version, said=said | {"state": state}):
            return
        fields = said | {"version": version + 1} | ({} if report is None else {"reported_at": at})
        if state == decision.state:
            if Decision.objects.filter(pk=decision.pk, state=state).update(**fields) != 1:
                raise versions.Stale(Decision.objects.get(pk=decision.pk))
            decision.refresh_from_db()
        else:
            move(decision, to=state, **fields)
        record(Happened.DECISION_FOLLOWED_UP, decision, by=by, at=at, via=via, reason=str(state))


def report(
    decision: Decision,
    *,
    state: str,
    words: str,
    follow_up_on: dt.date | None,
    version: int,
    by: Person,
    at: dt.datetime,
    via: str = Via.LINK,
) -> None:
    """The same by whoever is responsible. Raises NotResponsible, FollowUpMissing, Stale, MoveRefused."""
    require_responsible(decision, by, at=at)
    is_done = state == DecisionState.DONE
    if not is_done and (follow_up_on is None or follow_up_on <= local_date(at)):
        raise FollowUpMissing(_("Bitte nennen Sie einen Tag, der noch kommt. Dann fragen wir wieder nach."))
    day = None if is_done else follow_up_on
    follow_up(decision, state=state, version=version, by=by, at=at, report=words, follow_up_on=day, via=via)


def require_standing(decision: Decision) -> None:
    """Raises MoveRefused for what was never adopted, or does not hold any longer."""
    if decision.state not in DECISION_STANDING:
        raise MoveRefused(
            _("Das geht nicht: %(number)s gilt nicht (%(state)s).")
            % {"number": decision.number, "state": decision.get_state_display()}
        )


def require_responsible(decision: Decision, person: Person, *, at: dt.datetime) -> None:
    """A link answers for its person only, and for what the person may read. Raises NotResponsible."""
    seen = Decision.objects.visible_to(person, at=at).filter(pk=decision.pk)
    if decision.responsible_id != person.pk:
        raise NotResponsible(_("Um diesen Beschluss kümmert sich jetzt jemand anderes. Sie müssen nichts mehr tun."))
    if not seen.exists():
        raise NotResponsible(_("Sie lesen diesen Beschluss nicht mehr. Bitte rufen Sie die Fachstelle an."))
    if decision.state not in DECISION_STANDING:
        raise NotResponsible(_("Dieser Beschluss gilt nicht mehr. Sie müssen nichts mehr tun."))


def entrust(
    decision: Decision, *, to: Person | None, version: int, by: Person, at: dt.datetime, via: str = Via.WEB
) -> None:
    """Name who is responsible, or nobody; the link of the one before answers no longer. Raises Stale."""
    with transaction.atomic():
        if not versions.claim(decision, version=version, said={"responsible_id": to.pk if to else None}):
            return
        _set(decision, to)
        record(Happened.DECISION_ENTRUSTED, decision, by=by, at=at, via=via, more={"to": to.pk if to else None})


def first_task(decision: Decision, owner: Person) -> None:
    """Who gets the first task out of it is responsible, where nobody is. Part of the task's own change."""
    if decision.responsible_id is None:
        _set(decision, owner)


def candidates(decision: Decision, *, at: dt.datetime) -> PersonQuerySet:
    """Who can be responsible: members of the body, the Fachstelle, and whoever is."""
    members = Membership.objects.filter(body=decision.alliance_id).active_on(local_date(at)).values("person")
    chosen = Q(pk__in=members) | Q(office=Office.FACHSTELLE) | Q(pk=decision.responsible_id or 0)
    rows: PersonQuerySet = Person.objects.filter(chosen).select_related("organisation")
    return rows.order_by("last_name", "first_name", "pk")


def _set(decision: Decision, to: Person | None) -> None:
    fields = {"responsible": to, "responsible_organisation": to.organisation if to else None}
    Decision.objects.filter(pk=decision.pk).update(**fields, version=F("version") + 1)
    decision.refresh_from_db()
