"""Verwaltung: alliances, committees and bodies outside, set up without code. For the Fachstelle."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, german
from buendnisse.enums import BodyKind
from buendnisse.forms.records import EndForm
from buendnisse.http import PersonRequest
from buendnisse.models import Alliance, Body
from buendnisse.views import records
from buendnisse.views.gate import moderator
from buendnisse.views.organisations import ended_words
from buendnisse.views.records import Line, Register, Sheet
from meetings.domain import bodies, rule_days
from meetings.forms.bodies import BodyForm, BodySearch, MeetingBodyForm, OutsideBodyForm

#: What stands in the address of a form for a new one.
KINDS = {"buendnis": BodyKind.ALLIANCE, "gremium": BodyKind.COMMITTEE, "aussen": BodyKind.EXTERNAL}


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All but the units, which have a list of their own."""
    register = Register(
        title=_("Bündnisse und Gremien"),
        intro=_(
            "Wer entscheiden, gefragt oder informiert werden kann. Was endet, bekommt einen letzten Tag und bleibt nachlesbar."
        ),
        columns=(_("Art"), _("Personen"), _("Tagt")),
        new_href=reverse("meetings:body_new"),
        new_label=_("Neues Gremium"),
        empty=_("Legen Sie das erste an: ein Arbeitsbündnis, eine Steuerungsgruppe oder einen Ausschuss."),
        further=[
            (reverse("meetings:relay_ways"), _("Wer an wen weitergibt")),
            (reverse("meetings:units"), _("Stellen und Projekte")),
        ],
    )
    form = BodySearch(request.GET)
    usual = {one.pk: one for one in Alliance.objects.select_related("coming_rule")}
    rows = bodies.found(**form.wanted, at=clock.now())
    return records.listing(request, register, form, rows, lambda row: _line(row, usual))


def _line(row: Any, usual: dict[int, Alliance]) -> Line:
    meets = usual.get(row.pk)
    return Line(
        href=reverse("meetings:body", args=[row.slug]),
        name=row.name,
        cells=(
            str(row.get_kind_display()),
            str(row.people_today) if meets else "",
            rule_days.all_words(meets) if meets else row.usual_dates,
        ),
        ended=ended_words(row.valid_until),
        body=row,
    )


@moderator
@require_http_methods(["GET", "HEAD"])
def choose(request: PersonRequest) -> HttpResponse:
    """Which kind of body it will be."""
    return render(request, "meetings/body_new.html")


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest, kind: str) -> HttpResponse:
    """One more, with the usual standing items where it meets."""
    if kind not in KINDS:
        raise Http404
    meets = KINDS[kind] != BodyKind.EXTERNAL
    form = (MeetingBodyForm if meets else OutsideBodyForm)(request.POST or None, is_new=True)
    title = {
        "buendnis": _("Neues Arbeitsbündnis"),
        "gremium": _("Neues Gremium"),
        "aussen": _("Neues Gremium außerhalb"),
    }
    saved = _("Angelegt. Jetzt fehlen noch der übliche Tag, die Mitglieder und die Wege.") if meets else _("Angelegt.")
    page = Sheet(title[kind], reverse("meetings:bodies"), _("Gremien"), saved=saved, intro=_INTRO[kind])

    def save(said: Any) -> Any:
        data = said.cleaned_data
        return bodies.add(
            kind=KINDS[kind], slug=data["slug"], form_key=data["form_key"], by=request.user, at=clock.now(), **said.said
        )

    return records.sheet(request, page, form, save, then=lambda row: reverse("meetings:body", args=[row.slug]))


_INTRO = {
    "buendnis": _("Es tagt hier und fasst Beschlüsse wie die anderen Bündnisse."),
    "gremium": _(
        "Zum Beispiel eine Steuerungsgruppe oder ein Beirat. Es tagt hier und fasst Beschlüsse wie ein Bündnis."
    ),
    "aussen": _(
        "Zum Beispiel ein Ausschuss des Kreistags. Es tagt nicht hier. Sie geben etwas dorthin und tragen ein, was daraus wurde."
    ),
}


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """What it is called, what belongs to it, and what is still missing."""
    row = _found(slug)

    def save(said: Any) -> Any:
        version = said.cleaned_data["version"]
        return bodies.change(row, version=version, by=request.user, at=clock.now(), **said.said)

    return records.sheet(request, _sheet(row), _form(row, request.POST or None), save, then=lambda _kept: _href(row))


@moderator
@require_POST
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """It plans nothing any longer, or does again."""
    row = _found(slug)

    def again(form: EndForm) -> HttpResponse:
        return records.sheet(request, _sheet(row), _form(row, None), lambda _form: None, end_form=form)

    answer = records.end(
        request,
        lambda last: bodies.end(row, last, by=request.user, at=clock.now()),
        ended=_("„%s“ ist beendet. Was war, bleibt nachlesbar.") % row.name,
        resumed=_("„%s“ ist wieder da.") % row.name,
        again=again,
        there=_href(row),
    )
    if row.valid_until and (numbers := bodies.open_relays(row)):
        messages.warning(request, _WAITS % german.listing(numbers))
    return answer


_WAITS = gettext_lazy("Hier wartet noch etwas auf eine Antwort: %s.")


def _found(slug: str) -> Body:
    """The alliance where it meets, else the body; units have pages of their own. Raises Http404."""
    meets = Alliance.objects.select_related("usual_venue", "coming_rule").filter(slug=slug).first()
    return meets or get_object_or_404(Body, slug=slug, unit__isnull=True)


def _form(row: Body, data: Any) -> BodyForm:
    return (MeetingBodyForm if row.meets else OutsideBodyForm).of(row, data)  # type: ignore[no-any-return]


def _href(row: Body) -> str:
    return reverse("meetings:body", args=[row.slug])


def _sheet(row: Body) -> Sheet:
    held, waiting = bodies.standing(row, at=clock.now()), bodies.open_relays(row)
    facts = [
        (_("Art"), str(row.get_kind_display())),
        (
            _("Gibt weiter an"),
            german.listing([one.word for one in held.hands_to]) or (_("niemanden") if row.meets else ""),
        ),
        (_("Bekommt von"), german.listing([one.word for one in held.hands_from]) or _("niemandem")),
    ]
    links = [(reverse("meetings:relay_ways_from", args=[row.slug]), _("Wer an %s weitergibt") % row.word)]
    if isinstance(row, Alliance):
        facts[1:1] = [
            (_("Mitglieder"), str(held.members)),
            (_("Üblicher Tag"), rule_days.all_words(row)),
            (_("Feste Punkte"), str(held.items)),
            (_("Nächste Sitzung"), german.day(held.coming.start) if held.coming else _("noch keine")),
        ]
        links = [
            (reverse("meetings:alliance", args=[row.slug]), _("Seite mit Sitzungen und Mitgliedern")),
            (reverse("meetings:rule", args=[row.slug]), _("Üblicher Tag und Orte")),
            (reverse("meetings:procedure", args=[row.slug]), _("Wie beschlossen wird")),
            (reverse("meetings:periods", args=[row.slug]), _("Fristen")),
            (reverse("meetings:standing", args=[row.slug]), _("Feste Punkte")),
            (reverse("meetings:relay_ways_change", args=[row.slug]), _("An wen %s weitergibt") % row.word),
            *links,
            (f"/verwaltung/personen/neu/?gremium={row.slug}", _("Neues Mitglied")),
            (f"/verwaltung/personen/?gremium={row.slug}", _("Wer dabei ist")),
            (reverse("meetings:plan") + f"?buendnis={row.slug}", _("Sitzung planen")),
        ]
    return Sheet(
        title=row.name,
        list_href=reverse("meetings:bodies"),
        list_label=_("Gremien"),
        row=row,
        saved=_("Gespeichert."),
        form_href=_href(row),
        end_href=f"{_href(row)}beenden/",
        end_hint=_("Danach wird nichts mehr geplant und nichts mehr dorthin gegeben. Was war, bleibt nachlesbar.")
        + (f" {_WAITS % german.listing(waiting)}" if waiting else ""),
        last=row.valid_until,
        facts=facts,
        links=links,
    )
