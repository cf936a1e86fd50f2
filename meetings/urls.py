from django.urls import URLPattern, URLResolver, path

from meetings.views import agenda, topics

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

urlpatterns: list[URLPattern | URLResolver] = [*_agenda]
