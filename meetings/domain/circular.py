"""A vote by mail from the wish to the opening: drafted, edited, opened, taken back, cancelled."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import counters
from buendnisse.models import Alliance, Paper, Person
from meetings.domain import circular_rules, versions
from meetings.domain.circular_journal import held, record, require_running
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.moves import move
from meetings.enums import CircularState, DecisionKind, Happened
from meetings.models import AgendaItem, Ballot, CircularVote, CircularVoter


def draft(
    *,
    alliance: Alliance,
    subject: str,
    text: str,
    closes_on: dt.date,
    kind: str = DecisionKind.RESOLUTION,
    background: str = "",
    papers: Iterable[Paper] = (),
    agenda_item: AgendaItem | None = None,
    by: Person,
    form_key: uuid.UUID,
    at: dt.datetime,
) -> CircularVote:
    """Prepare a vote; nobody is told. The same `form_key` again gives the same vote. Raises CircularRefused."""
    _require_words(subject, text)
    circular_rules.require_end(alliance, closes_on, opened_on=local_date(at))
    chosen = list(papers)
    _require_open_matter(alliance, agenda_item, chosen)
    known = CircularVote.objects.filter(form_key=form_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            year = local_date(at).year
            prefix = alliance.prefix
            vote = CircularVote.objects.create(
                number=f"U-{prefix}-{year}-{counters.take(f'circular:{prefix}:{year}'):02d}",
                alliance=alliance,
                kind=kind,
                subject=subject.strip(),
                text=text.strip(),
                background=background.strip(),
                agenda_item=agenda_item,
                closes_on=closes_on,
                form_key=form_key,
            )
            vote.papers.set(chosen)
            record(Happened.CIRCULAR_DRAFTED, vote, by=by, at=at)
    except IntegrityError:  # the other tap was faster
        return CircularVote.objects.get(form_key=form_key)
    return vote


def edit(
    vote: CircularVote,
    *,
    subject: str,
    text: str,
    closes_on: dt.date,
    kind: str,
    background: str = "",
    papers: Iterable[Paper] = (),
    version: int,
    by: Person,
    at: dt.datetime,
) -> None:
    """Change a draft. Once it is open its words are fixed. Raises CircularRefused, Stale."""
    _require_words(subject, text)
    circular_rules.require_end(vote.alliance, closes_on, opened_on=local_date(at))
    said = {
        "subject": subject.strip(),
        "text": text.strip(),
        "background": background.strip(),
        "closes_on": closes_on,
        "kind": kind,
    }
    chosen = list(papers)
    with transaction.atomic():
        current = held(vote)
        if not current.is_draft:
            raise CircularRefused(_("Die Abstimmung ist eröffnet. Ihr Wortlaut steht fest."))
        _require_open_matter(current.alliance, current.agenda_item, chosen)
        if versions.claim(vote, version=version, said=said):
            CircularVote.objects.filter(pk=vote.pk).update(**said, version=version + 1)
            vote.papers.set(chosen)
            record(Happened.CIRCULAR_EDITED, vote, by=by, at=at)
    vote.refresh_from_db()


def discard(vote: CircularVote, *, by: Person, at: dt.datetime) -> None:
    """Throw a draft away; its number is not given again. Raises MoveRefused."""
    with transaction.atomic():
        move(vote, to=CircularState.DISCARDED)
        record(Happened.CIRCULAR_DISCARDED, vote, by=by, at=at)


def open_vote(vote: CircularVote, *, version: int, by: Person, at: dt.datetime) -> None:
    """Ask everybody entitled on this day. `version` is the one whose preview was read.

    Raises CircularRefused, Stale, MoveRefused.
    """
    today = local_date(at)
    with transaction.atomic():
        current = held(vote)
        if current.is_running:
            return  # a second tap
        if current.version != version:
            raise versions.Stale(current)
        circular_rules.require_end(current.alliance, current.closes_on, opened_on=today)
        _require_open_matter(current.alliance, current.agenda_item, current.papers.all())
        voters = circular_rules.electorate(current.alliance, day=today)
        if not voters:
            raise CircularRefused(_("In diesem Bündnis hat noch keine Organisation eine Stimme."))
        circular_rules.require_one_vote_each(voters)
        move(
            vote,
            to=CircularState.CIRCULATING,
            opened_on=today,
            opened_at=at,
            votes_yes=0,
            votes_no=0,
            votes_abstain=0,
            objections_to_procedure=0,
            votes_missing=len(voters),
        )
        enter(vote, voters)
        record(Happened.CIRCULAR_OPENED, vote, by=by, at=at, closes_on=current.closes_on.isoformat())


def enter(vote: CircularVote, voters: Iterable[circular_rules.Voter]) -> None:
    """Keep who is entitled and asked, as of the opening."""
    for voter in voters:
        row = CircularVoter.objects.create(vote=vote, organisation=voter.organisation)
        Ballot.objects.bulk_create(
            Ballot(voter=row, vote=vote, person=person, is_deputy=person != voter.member) for person in voter.people
        )


def take_back(vote: CircularVote, *, by: Person, at: dt.datetime) -> None:
    """A draft again, as long as nobody knows; whoever calls has made sure of the mail. Raises CircularRefused."""
    with transaction.atomic():
        held(vote)
        if Ballot.objects.filter(vote=vote, cast_at__isnull=False).exists():
            raise CircularRefused(_("Es sind schon Stimmen da. Sie können die Abstimmung nur noch abbrechen."))
        if CircularVoter.objects.filter(vote=vote, phoned_at__isnull=False).exists():
            raise CircularRefused(
                _("Am Telefon weiß schon jemand davon. Sie können die Abstimmung nur noch abbrechen.")
            )
        move(vote, to=CircularState.DRAFT, opened_on=None, opened_at=None, votes_missing=0)
        CircularVoter.objects.filter(vote=vote).delete()
        record(Happened.CIRCULAR_TAKEN_BACK, vote, by=by, at=at)


def cancel(vote: CircularVote, *, reason: str, by: Person, at: dt.datetime) -> None:
    """End it without a result, with a reason that everybody asked reads. Raises CircularRefused, MoveRefused."""
    if not reason.strip():
        raise CircularRefused(_("Bitte schreiben Sie auf, warum die Abstimmung abgebrochen wird."))
    with transaction.atomic():
        require_running(held(vote), at=at)
        move(vote, to=CircularState.CANCELLED, cancel_reason=reason.strip(), closed_at=at)
        record(Happened.CIRCULAR_CANCELLED, vote, by=by, at=at)


def _require_words(subject: str, text: str) -> None:
    if not subject.strip():
        raise CircularRefused(_("Bitte sagen Sie in einem Satz, worum es geht."))
    if not text.strip():
        raise CircularRefused(_("Bitte schreiben Sie genau auf, worüber abgestimmt wird."))


def _require_open_matter(alliance: Alliance, item: AgendaItem | None, papers: Iterable[Paper]) -> None:
    """Everybody asked reads the item and its papers; either may have become confidential since the draft."""
    if item is not None and item.alliance_id != alliance.pk:
        raise CircularRefused(_("Dieses Thema gehört zu einem anderen Bündnis."))
    if item is not None and item.confidential_to.exists():
        raise CircularRefused(_("Das Thema ist vertraulich. Darüber kann nicht per E-Mail abgestimmt werden."))
    ids = [paper.pk for paper in papers]
    secret = Paper.objects.filter(pk__in=ids, confidential_to__isnull=False).order_by("title", "pk").first()
    if secret is not None:
        raise CircularRefused(
            _("Die Unterlage „%s“ ist vertraulich. Nehmen Sie sie heraus, bevor Sie abstimmen lassen.") % secret.title
        )
