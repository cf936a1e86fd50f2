"""The page on which the Fachstelle says who may read a topic."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda_confidential
from meetings.domain.agenda_rules import AgendaRefused, Stale
from meetings.domain.chair import chairs_of
from meetings.forms.confidential import ALL, SOME, ConfidentialForm
from meetings.models import AgendaItem
from meetings.views.items import meeting_and_item


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Everybody or chosen organisations; says before what has been read already. A stale write shows both."""
    meeting, item = meeting_and_item(request, slug, pk)
    at = clock.now()
    standing = agenda_confidential.standing(item, at=at)
    form = ConfidentialForm(request.POST or None, standing=standing, initial=_as_it_stands(item, standing))
    stored = ""
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            agenda_confidential.limit(item, to=form.chosen, version=version, by=request.user, at=at)
        except Stale as stale:
            stored, item = _words(stale.current), stale.current
        except AgendaRefused as refused:
            form.add_error(None, str(refused))
        else:
            words = _words(item)
            messages.success(request, _("„%(title)s“: %(words)s.") % {"title": item.title, "words": words})
            if without := agenda_confidential.chairs_without(item):
                text = _("%s liest diesen Punkt nicht mit und gibt ihn ungesehen frei.")
                messages.warning(request, text % german.listing([person.full_name for person in without]))
            anchor = "punkt" if item.position else "thema"
            return redirect(f"{reverse('meetings:agenda', args=[meeting.slug])}#{anchor}-{item.pk}")
    context = {"meeting": meeting, "item": item, "form": form, "standing": standing, "stored": stored}
    return render(request, "meetings/agenda_confidential.html", context, status=409 if stored else 200)


def _as_it_stands(item: AgendaItem, standing: agenda_confidential.Standing) -> dict[str, object]:
    """Where nobody is chosen yet, those who bring the topic and those who lead the meeting are ticked already."""
    named = [item.proposer, item.presenter, *(chairs_of(item.meeting) if item.meeting else ())]
    bring = {person.organisation_id for person in named if person is not None}
    circle = SOME if standing.chosen else ALL
    return {"version": item.version, "circle": circle, "organisations": sorted(standing.chosen or bring)}


def _words(item: AgendaItem) -> str:
    return agenda_confidential.words_of([item.pk]).get(item.pk) or _("Für alle lesbar")
