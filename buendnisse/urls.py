from django.urls import path

from buendnisse.views import administration, api_tokens, contacts, legal, links, people, process

app_name = "buendnisse"
urlpatterns = [
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
    path("barriere-melden/", legal.report_barrier, name="report_barrier"),
    path("hilfe/", legal.help_page, name="help"),
    path("ansprechpersonen/", contacts.index, name="contacts"),
    path("integrationsprozess/", process.index, name="process"),
    path("integrationsprozess/neu/", process.new, name="process_new"),
    path("integrationsprozess/<int:pk>/aendern/", process.change, name="process_change"),
    path("integrationsprozess/<int:pk>/stelle/", process.act, name="process_act"),
    path("verwaltung/", administration.overview, name="administration"),
    path("verwaltung/angaben/", administration.operator, name="operator"),
    path("verwaltung/barrieren/<int:pk>/erledigt/", administration.settle_report, name="settle_report"),
    path("verwaltung/gremien/", administration.bodies, name="bodies"),
    path("verwaltung/personen/", people.index, name="people"),
    path("verwaltung/personen/<int:pk>/bearbeiten/", people.edit, name="person_edit"),
    path("verwaltung/orte/", administration.venues, name="venues"),
    path("verwaltung/schluessel/", api_tokens.keys, name="api_tokens"),
    path("verwaltung/schluessel/<int:number>/beenden/", api_tokens.revoke, name="api_token_revoke"),
    path("neuer-link/", links.renew, name="renew_link"),
    path("<slug:page>/<str:token>/nicht-fuer-mich/", links.not_for_me, name="not_for_me"),
]
