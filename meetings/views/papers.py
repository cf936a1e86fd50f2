"""Unterlagen: the shelf, downloads by permission or by personal link, and handing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, permissions
from buendnisse.domain import papers
from buendnisse.domain.paper_files import FileRefused
from buendnisse.enums import LinkPurpose
from buendnisse.forms.papers import (
    DescribeForm,
    HandInForm,
    PaperFilterForm,
    PaperForm,
    VersionForm,
    version_of,
)
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Paper, PaperVersion, Person
from buendnisse.views import records
from buendnisse.views.downloads import as_download, as_picture
from buendnisse.views.gate import moderator, only
from buendnisse.views.links import by_link
from buendnisse.views.records import Sheet
from meetings.domain import item_papers, item_papers_page, paper_shelf
from meetings.models import AgendaItem

_A_PAGE = 25
_METHODS = ["GET", "HEAD", "POST"]
#: Whoever signed in sees the papers meant for them; the technical administration sees no content.
_reader = only(lambda person: isinstance(person, Person) and not permissions.is_admin(person))


@_reader
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """What the reader may read, the newest first."""
    form = PaperFilterForm(request.GET or None)
    wanted = form.wanted if form.is_bound else {}
    rows = paper_shelf.listed(request.user, **wanted, at=clock.now())
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("seite"))
    is_narrowed = any(value not in ("", None) for value in wanted.values())
    context = {"page": page, "form": form, "is_narrowed": is_narrowed}
    return render(request, "meetings/papers.html", context)


@_reader
@require_safe
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """What a paper is, how it looks, its versions and where it is used."""
    found = paper_shelf.look(request.user, slug=slug, at=clock.now())
    if found is None:
        raise Http404
    return render(request, "meetings/paper.html", {"look": found, "paper": found.paper})


@_reader
@require_safe
def picture(request: PersonRequest, slug: str, number: int) -> HttpResponseBase:
    """The first page of a version, where a worker could draw it."""
    name = paper_shelf.first_page(request.user, slug=slug, number=number, at=clock.now())
    if name is None:
        raise Http404
    return as_picture(name)


@_reader
@require_safe
def download(request: PersonRequest, slug: str, number: int) -> HttpResponseBase:
    """One version as a file; whoever may not have it learns not even that it exists."""
    return _file(paper_shelf.version(request.user, slug=slug, number=number, at=clock.now()))


@require_safe
@by_link(LinkPurpose.MEETING)
def by_letter(request: HttpRequest, link: AccessLink, slug: str, number: int | None = None) -> HttpResponseBase:
    """A paper of the meeting the link is for; without a number its newest version."""
    found = paper_shelf.version_in(link.subject_id, link.person, slug=slug, number=number, at=clock.now())
    return _file(found)


@moderator
@require_http_methods(_METHODS)
def new(request: PersonRequest) -> HttpResponse:
    """A paper that stands on its own."""
    day = clock.local_date(clock.now())
    form = PaperForm(request.POST or None, request.FILES or None, day=day, initial=_begin(request))
    if request.method == "POST" and form.is_valid():
        try:
            paper = papers.add(form.cleaned_data["file"], **form.facts, by=request.user, at=clock.now())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("„%s“ ist da. Die Mitglieder finden es hier.") % form.cleaned_data["title"])
            return redirect("meetings:paper", paper.slug)
    return render(request, "meetings/paper_new.html", {"form": form})


@moderator
@require_http_methods(_METHODS)
def hand_in(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """A paper for an item of a meeting."""
    item = _item(request, slug, pk)
    form = HandInForm(request.POST or None, request.FILES or None, initial=_begin(request, item))
    if request.method == "POST" and form.is_valid():
        try:
            item_papers.hand_in(item, form.cleaned_data["file"], **form.facts, by=request.user, at=clock.now())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("„%s“ liegt bei diesem Punkt.") % form.cleaned_data["title"])
            return redirect(f"{reverse('meetings:meeting', args=[slug])}#punkt-{pk}")
    late_until = item_papers_page.late_until(item, at=clock.now())
    context = {"form": form, "item": item, "meeting": item.meeting, "late_until": late_until}
    return render(request, "meetings/paper_hand_in.html", context)


@moderator
@require_http_methods(_METHODS)
def new_version(request: PersonRequest, slug: str) -> HttpResponse:
    """The next version of a paper; who opened the form before another added one is told."""
    paper = get_object_or_404(Paper.objects.prefetch_related("versions"), slug=slug)
    initial = version_of(paper, number=papers.next_number(paper), today=clock.local_date(clock.now()))
    form = VersionForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item_papers.add_version(paper, form.cleaned_data["file"], **form.facts, by=request.user, at=clock.now())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        except papers.VersionTaken as taken:
            form.add_error(None, str(taken))
        else:
            messages.success(request, _("Die neue Fassung von „%s“ ist da.") % paper.title)
            return redirect("meetings:paper", slug)
    return render(request, "meetings/paper_version.html", {"form": form, "paper": paper})


@moderator
@require_http_methods(_METHODS)
def describe(request: PersonRequest, slug: str) -> HttpResponse:
    """Title, kind, whom it is for; and who changed what of it."""
    paper, at = get_object_or_404(Paper, slug=slug, is_standing=True), clock.now()
    form = DescribeForm.of(paper, request.POST or None, day=clock.local_date(at))
    page = Sheet(
        title=_("Angaben ändern"),
        list_href=reverse("meetings:paper", args=[slug]),
        list_label=paper.title,
        up=(reverse("meetings:papers"), _("Unterlagen")),
        row=paper,
        saved=_("Die Angaben sind gespeichert."),
        intro=_("%s. Die Dateien bleiben, wie sie sind.") % paper.title,
    )

    def save(form: Any) -> Any:
        return papers.change(paper, version=form.cleaned_data["version"], by=request.user, at=at, **form.said)

    return records.sheet(request, page, form, save)


@moderator
@require_POST
def retire(request: PersonRequest, slug: str) -> HttpResponse:
    """Say that a paper holds no longer, or does again: whichever button was pressed."""
    paper = get_object_or_404(Paper, slug=slug, is_standing=True)
    by, at = request.user, clock.now()
    if request.POST.get("do") == "end" and papers.end(paper, by=by, at=at):
        messages.success(request, _("„%s“ gilt nicht mehr und bleibt nachlesbar.") % paper.title)
    elif request.POST.get("do") == "back" and papers.bring_back(paper, by=by, at=at):
        messages.success(request, _("„%s“ gilt wieder.") % paper.title)
    return redirect("meetings:paper", slug)


@moderator
@require_POST
def take_back(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The newest version was the wrong file: it goes, and the one before it counts again."""
    paper = get_object_or_404(Paper, slug=slug)
    try:
        papers.take_back_version(paper, number=number, by=request.user, at=clock.now())
    except papers.VersionStays as stays:
        messages.error(request, str(stays))
    else:
        messages.success(request, _("Fassung %(number)d ist zurückgenommen, ihre Datei gelöscht.") % {"number": number})
    return redirect("meetings:paper", slug)


def _file(version: PaperVersion | None) -> HttpResponseBase:
    if version is None:
        raise Http404
    return as_download(version)


def _begin(request: PersonRequest, item: AgendaItem | None = None) -> dict[str, Any]:
    organisation = item.presenter.organisation_id if item and item.presenter else request.user.organisation_id
    return {"dated": clock.local_date(clock.now()), "organisation": organisation}


def _item(request: PersonRequest, slug: str, pk: int) -> AgendaItem:
    seen = AgendaItem.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(
        seen.select_related("meeting__alliance", "alliance", "presenter"), meeting__slug=slug, pk=pk
    )
