"""What a person wishes of our mail, by link and without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import mail_wishes
from buendnisse.enums import DigestRhythm, LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from notifications.forms.rhythm import RhythmForm


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SETTINGS)
def settings(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Choose the rhythm; says what counts now."""
    form = RhythmForm(
        request.POST or None,
        initial={
            "rhythm": link.person.digest,
            "papers": link.person.gets_papers,
            "rest": link.person.rests_in_holidays,
        },
    )
    saved = request.method == "POST" and form.is_valid()
    if saved:
        mail_wishes.choose_rhythm(link.person, rhythm=DigestRhythm(form.cleaned_data["rhythm"]), at=clock.now())
        mail_wishes.choose_papers(link.person, wanted=form.cleaned_data["papers"], at=clock.now())
        mail_wishes.choose_rest(link.person, wanted=form.cleaned_data["rest"], at=clock.now())
    context = {"link": link, "person": link.person, "form": form, "saved": saved}
    return render(request, "notifications/settings.html", context)


@csrf_exempt  # RFC 8058 §3.1: mail programs post without cookies; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One click in the mail program (POST) ends the digest at once; a GET only shows the button."""
    if request.method == "POST":
        mail_wishes.choose_rhythm(link.person, rhythm=DigestRhythm.NEVER, at=clock.now())
    context = {"link": link, "person": link.person, "done": link.person.digest == DigestRhythm.NEVER}
    return render(request, "notifications/unsubscribe.html", context)
