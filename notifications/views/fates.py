"""Taking back what was decided about a topic. It stands here, because only this floor knows which mail has left."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda
from meetings.domain.agenda_order import CannotMove
from meetings.domain.moves import MoveRefused
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting
from notifications.domain import fate_recall

_WHERE = {
    AgendaItemState.PROPOSED: _lazy("„%s“ ist wieder ein Vorschlag."),
    AgendaItemState.BACKLOG: _lazy("„%s“ liegt wieder im Themenspeicher."),
    AgendaItemState.ACCEPTED: _lazy("„%s“ steht wieder auf der Tagesordnung."),
    AgendaItemState.SCHEDULED: _lazy("„%s“ steht wieder auf der Tagesordnung."),
}


@moderator
@require_POST
def restore(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """One button takes the last step back, and says whether somebody has heard of it."""
    at = clock.now()
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user, at=at), slug=slug)
    seen = AgendaItem.objects.visible_to(request.user, at=at).filter(alliance_id=meeting.alliance_id)
    item = get_object_or_404(seen.select_related("alliance", "meeting__alliance", "merged_into"), pk=pk)
    try:
        found = fate_recall.take_back(item, step=_step(request), by=request.user, at=at)
    except (agenda.AgendaRefused, CannotMove, MoveRefused) as refused:
        messages.error(request, str(refused))
    else:
        if found.is_second:
            messages.success(request, _("„%s“: Dieser Schritt ist schon zurückgenommen.") % item.title)
            return _back(slug, item)
        where = str(_WHERE[AgendaItemState(item.state)]) % item.title
        if found.told:
            names = german.listing([person.formal_name for person in found.told])
            told = _("Die Mail an %s ist schon weg. Es geht eine zweite, die das richtigstellt.") % names
            messages.warning(request, f"{where} {told}")
        else:
            messages.success(request, f"{where} {_('Niemand hat davon eine Mail bekommen.')}")
    return _back(slug, item)


def _step(request: PersonRequest) -> int:
    """The step the page has shown; 0 where it knew none."""
    number = str(request.POST.get("step", ""))
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0  # noqa: PLR2004 -- a key


def _back(slug: str, item: AgendaItem) -> HttpResponse:
    anchor = f"#punkt-{item.pk}" if item.position else f"#thema-{item.pk}"
    return redirect(f"{reverse('meetings:agenda', args=[slug])}{anchor}")
