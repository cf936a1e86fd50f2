from django.urls import path

from buendnisse.views import administration, api_tokens, contacts, legal, links, organisations, topics, venues

app_name = "buendnisse"
urlpatterns = [
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
    path("barriere-melden/", legal.report_barrier, name="report_barrier"),
    path("hilfe/", legal.help_page, name="help"),
    path("ansprechpersonen/", contacts.index, name="contacts"),
    path("verwaltung/", administration.overview, name="administration"),
    path("verwaltung/angaben/", administration.operator, name="operator"),
    path("verwaltung/barrieren/<int:pk>/erledigt/", administration.settle_report, name="settle_report"),
    path("verwaltung/personen/", administration.people, name="people"),
    path("verwaltung/organisationen/", organisations.index, name="organisations"),
    path("verwaltung/organisationen/neu/", organisations.new, name="organisation_new"),
    path("verwaltung/organisationen/<slug:slug>/", organisations.one, name="organisation"),
    path("verwaltung/organisationen/<slug:slug>/beenden/", organisations.end, name="organisation_end"),
    path("verwaltung/orte/", venues.index, name="venues"),
    path("verwaltung/orte/neu/", venues.new, name="venue_new"),
    path("verwaltung/orte/<slug:slug>/", venues.one, name="venue"),
    path("verwaltung/orte/<slug:slug>/beenden/", venues.end, name="venue_end"),
    path("verwaltung/themenfelder/", topics.index, name="topics"),
    path("verwaltung/themenfelder/neu/", topics.new, name="topic_new"),
    path("verwaltung/themenfelder/<slug:slug>/", topics.one, name="topic"),
    path("verwaltung/themenfelder/<slug:slug>/beenden/", topics.end, name="topic_end"),
    path("verwaltung/themenfelder/<slug:slug>/zusammenlegen/", topics.merge, name="topic_merge"),
    path("verwaltung/ansprechpersonen/", contacts.register, name="contact_register"),
    path("verwaltung/ansprechpersonen/neu/", contacts.new, name="contact_new"),
    path("verwaltung/ansprechpersonen/<int:pk>/", contacts.one, name="contact"),
    path("verwaltung/ansprechpersonen/<int:pk>/beenden/", contacts.end, name="contact_end"),
    path("verwaltung/schluessel/", api_tokens.keys, name="api_tokens"),
    path("verwaltung/schluessel/<int:number>/beenden/", api_tokens.revoke, name="api_token_revoke"),
    path("neuer-link/", links.renew, name="renew_link"),
    path("<slug:page>/<str:token>/nicht-fuer-mich/", links.not_for_me, name="not_for_me"),
]
