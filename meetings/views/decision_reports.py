"""How a decision stands, said by whoever is responsible: the page behind the link in the mail."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from meetings.domain import decision_follow_up, whom_to_ask
from meetings.domain.decision_follow_up import FollowUpMissing, NotResponsible
from meetings.domain.moves import MoveRefused
from meetings.domain.standing import meeting_after
from meetings.domain.versions import Stale
from meetings.forms.decisions import ReportForm
from meetings.models import Decision


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.DECISION)
def by_responsible(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Done, under way, not begun: every answer is welcome and can be changed."""
    decision, at, stored = _of(link), clock.now(), None
    try:
        decision_follow_up.require_responsible(decision, link.person, at=at)
    except NotResponsible as gone:
        return render(request, "meetings/decision_gone.html", {"link": link, "why": str(gone)})
    following = meeting_after(decision.meeting) if decision.meeting else None
    next_on = clock.local_date(following.start) if following and following.start > at else None
    form = ReportForm(request.POST or None, decision=decision, next_on=next_on)
    if form.is_valid():
        try:
            decision_follow_up.report(decision, **form.verb, by=link.person, at=at)
            return redirect("meetings:decision_link_thanks", token=links.token(link))
        except Stale as stale:
            decision = stored = _of(link)
            form.show_current(stale.current)
        except FollowUpMissing as missing:
            form.add_error("wieder", str(missing))
        except (MoveRefused, NotResponsible) as refused:
            form.add_error(None, str(refused))
    context = {"link": link, "decision": decision, "form": form, "stored": stored}
    context["contact"] = whom_to_ask.about(decision, at=at)
    return render(request, "meetings/decision_link.html", context, status=409 if stored else 200)


@require_safe
@by_link(LinkPurpose.DECISION)
def thanks(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """What was said, and the way to say something else."""
    decision = _of(link)
    try:
        decision_follow_up.require_responsible(decision, link.person, at=clock.now())
    except NotResponsible as gone:
        return render(request, "meetings/decision_gone.html", {"link": link, "why": str(gone)})
    context = {"link": link, "decision": decision, "token": links.token(link)}
    return render(request, "meetings/decision_thanks.html", context)


def _of(link: AccessLink) -> Decision:
    decision = Decision.objects.select_related("alliance", "meeting").filter(pk=link.subject_id).first()
    if decision is None:
        raise Http404
    return decision
