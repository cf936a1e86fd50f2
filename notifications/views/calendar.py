"""A person's calendar: the page that explains it, the file that programs fetch, and one meeting to be saved."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person
from buendnisse.permissions import is_fachstelle, may_read
from buendnisse.views.gate import only
from buendnisse.views.links import by_link, mask
from meetings.models import Meeting
from notifications.domain import feed_ends, feed_source, feeds, qr_code
from notifications.forms.calendar import CHOOSE, END, CalendarForm

_ICS = "text/calendar; charset=utf-8"


@csrf_exempt  # whoever posts here is told that nothing takes it, not that a form was forged
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file. No cookie, no redirect, no page: the other side is a program."""
    at = clock.now()
    try:
        source = feeds.open_feed(token, at=at)
    except feeds.Unknown as error:
        raise Http404 from error
    except feeds.Over:
        words = _(
            "Diese Adresse gilt nicht mehr. Bitte löschen Sie das Abo in Ihrem Kalender. "
            "Haben Sie eine neue Adresse, dann richten Sie das Abo damit neu ein."
        )
        return HttpResponse(words, status=410, content_type="text/plain; charset=utf-8")
    file = feeds.read(source, at=at)
    changed = None if file.changed_at is None else int(file.changed_at.timestamp())
    # The very moment only: what leaves the calendar can make its last change an earlier one. With If-None-Match the
    # ETag alone decides.
    is_same = parse_http_date_safe(request.headers.get("If-Modified-Since", "")) == changed
    known = changed if is_same else None
    response = get_conditional_response(request, etag=file.etag, last_modified=known)
    if response is None:
        response = HttpResponse(file.data(), content_type=_ICS)
        if "herunterladen" in request.GET:
            response["Content-Disposition"] = 'attachment; filename="sitzungen.ics"'
    response["ETag"] = file.etag
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    return response


def _past(request: HttpRequest, token: str) -> HttpResponse | None:
    """An address that is over says so, and how to come to a calendar again; its end can be taken back."""
    past = feed_ends.find(token)
    if past is None:
        return None
    signed = request.POST.get("zurueck", request.GET.get("zurueck", ""))
    if request.method == "POST":
        try:
            link = feed_ends.take_back(signed, at=clock.now())
        except feed_ends.NotBack as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Ihr Abo ist wieder eingeschaltet. Die Adresse ist dieselbe wie vorher."))
            return redirect("notifications:calendar", links.token(link))
    context = {
        "past": past,
        "zurueck": signed if feed_ends.may_be_taken_back(signed, past) else "",
        "signed": link_requests.sign(past.link) if past.was_ended else "",
        "masked_address": mask(past.link.person) if past.was_ended and past.link.person.gets_mail else "",
        **_around(request, past.link.person),
    }
    return render(request, "notifications/calendar_ended.html", context, status=410)


def _around(request: HttpRequest, person: Person) -> dict[str, str]:
    """The Fachstelle stays inside the program on its own calendar's page; members come from a mail."""
    is_inside = is_fachstelle(request.user) and request.user == person
    return {"around": "base.html" if is_inside else "member.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.FEED, past=_past)
def page(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """What the calendar is for and how to get it; the buttons choose what it holds, renew its address or end it."""
    if request.method == "POST":
        return _change(request, link)
    at = clock.now()
    choice = feed_source.chosen(link.person)
    initial = {"without_invited": choice.without_invited, "with_deadlines": choice.with_deadlines, "do": CHOOSE}
    form = CalendarForm(initial=initial)
    is_desk = is_fachstelle(link.person)
    if is_desk:
        form.fields["with_deadlines"].label = _("Mit allen Fristen der Sitzungen und meinen Aufgaben")
    addresses = feeds.addresses(link)
    context = {
        "link": link,
        "form": form,
        "is_desk": is_desk,
        "addresses": addresses,
        "code": qr_code.of(addresses.webcal),  # behind https a telephone would save the file once
        "meetings": feeds.to_come(link, at=at),
        "token": links.token(link),
        **_around(request, link.person),
    }
    return render(request, "notifications/calendar.html", context)


@require_safe
@by_link(LinkPurpose.FEED)
def meeting_of_feed(request: HttpRequest, link: AccessLink, slug: str) -> HttpResponse:
    """One of the meetings that the page offers."""
    found = next((one for one in feeds.to_come(link, at=clock.now()) if one.slug == slug), None)
    if found is None:
        raise Http404
    return _saved(found, link.person)


@require_safe
@by_link(LinkPurpose.MEETING)
def meeting_of_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The meeting of a letter, for whoever got it."""
    return _saved(get_object_or_404(Meeting, pk=link.subject_id), link.person)


@only(may_read)
@require_safe
def meeting_file(request: PersonRequest, slug: str) -> HttpResponse:
    """From the meeting's page."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user, at=clock.now()), slug=slug)
    return _saved(found, request.user)


def _saved(meeting: Meeting, person: Person) -> HttpResponse:
    response = HttpResponse(feeds.single(meeting, person), content_type=_ICS)
    response["Content-Disposition"] = f'attachment; filename="sitzung-{meeting.slug}.ics"'
    return response


def _change(request: HttpRequest, link: AccessLink) -> HttpResponse:
    form, at = CalendarForm(request.POST), clock.now()
    if not form.is_valid():
        messages.error(request, _("Das haben wir nicht verstanden. Bitte nehmen Sie einen der Knöpfe."))
    elif form.cleaned_data["do"] == END:
        token = links.token(link)
        signed = feed_ends.end(link, at=at)
        query = urlencode({"zurueck": signed})
        return redirect(f"{reverse('notifications:calendar', args=[token])}?{query}")
    elif form.cleaned_data["do"] == CHOOSE:
        wishes = {name: form.cleaned_data[name] for name in ("without_invited", "with_deadlines")}
        feeds.choose(link.person, **wishes, at=at)
        messages.success(request, _("Gespeichert. Ihr Kalender zeigt es, sobald er das nächste Mal nachsieht."))
    else:
        feeds.renew(link, at=at)
        messages.success(request, _("Ihr Kalender hat eine neue Adresse. Die alte gilt nicht mehr."))
    return redirect("notifications:calendar", links.token(link))
