from django.urls import URLPattern, URLResolver, path

from meetings.views import agenda, planning, relay_acts, relays, sittings, topics

app_name = "meetings"

_AGENDA = "sitzungen/<slug:slug>/tagesordnung/"
_ITEM = f"{_AGENDA}<int:pk>/"

#: Topics and agendas.
_agenda: list[URLPattern | URLResolver] = [
    path("thema-vorschlagen/<str:token>/", topics.propose, name="propose"),
    path("thema-vorschlagen/<str:token>/kein-thema/", topics.no_item, name="no_item"),
    path("thema/<str:token>/", topics.own_item, name="own_item"),
    path("thema/<str:token>/danke/", topics.own_item_thanks, name="own_item_thanks"),
    path("thema/<str:token>/geaendert/", topics.own_item_saved, name="own_item_saved"),
    path("thema/<str:token>/zurueckziehen/", topics.withdraw, name="withdraw"),
    path("thema/<str:token>/doch/", topics.propose_again, name="propose_again"),
    path("sitzungen/<slug:slug>/thema-vorschlagen/", topics.propose_here, name="propose_here"),
    path(_AGENDA, agenda.board, name="agenda"),
    path("sitzungen/<slug:slug>/tagesordnung.pdf", agenda.pdf, name="agenda_pdf"),
    path(f"{_AGENDA}minuten/", agenda.minutes, name="agenda_minutes"),
    path(f"{_AGENDA}neuer-punkt/", agenda.add, name="agenda_add"),
    path(f"{_ITEM}aufnehmen/", agenda.accept, name="agenda_accept"),
    path(f"{_ITEM}zurueckholen/", agenda.restore, name="agenda_restore"),
    path(f"{_ITEM}nach-oben/", agenda.move_up, name="agenda_up"),
    path(f"{_ITEM}nach-unten/", agenda.move_down, name="agenda_down"),
    path(f"{_ITEM}platz/", agenda.move_to, name="agenda_position"),
    path(f"{_ITEM}bearbeiten/", agenda.edit, name="agenda_edit"),
    path(f"{_ITEM}nicht-diesmal/", agenda.put_off, name="agenda_put_off"),
]

#: Alliances, the year and the dates of meetings.
_dates: list[URLPattern | URLResolver] = [
    path("buendnisse/", sittings.alliances, name="alliances"),
    path("buendnisse/<slug:slug>/", sittings.alliance, name="alliance"),
    path("planung/<int:year>/", planning.year, name="year"),
    path("sitzungen/neu/", planning.new, name="plan"),
    path("sitzungen/<slug:slug>/", sittings.meeting, name="meeting"),
    path("sitzungen/<slug:slug>/festlegen/", planning.confirm, name="confirm"),
    path("sitzungen/<slug:slug>/verlegen/", planning.move, name="move"),
    path("sitzungen/<slug:slug>/bearbeiten/", planning.edit, name="edit"),
    path("sitzungen/<slug:slug>/absagen/", planning.cancel, name="cancel"),
    path("sitzungen/<slug:slug>/antworten/", sittings.phone_answers, name="answers"),
    path("sitzung/<str:token>/", sittings.meeting_link, name="meeting_link"),
]

#: Relays, from the board to one's way.
_relays: list[URLPattern | URLResolver] = [
    path("weiterleitungen/", relays.board, name="relay_board"),
    path("weiterleitungen/neu/", relays.new, name="relay_new"),
    path("weiterleitungen/<str:number>/", relays.path, name="relay_path"),
    path("weiterleitungen/<str:number>/weg.pdf", relays.pdf, name="relay_pdf"),
    path("weiterleitungen/<str:number>/<slug:option>/", relay_acts.act, name="relay_act"),
    path("weg/<str:token>/", relays.by_letter, name="relay_link"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_dates, *_agenda, *_relays]
