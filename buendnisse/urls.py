from django.urls import path

from buendnisse.views import api_tokens, links

app_name = "buendnisse"
urlpatterns = [
    path("verwaltung/schluessel/", api_tokens.keys, name="api_tokens"),
    path("verwaltung/schluessel/<int:number>/beenden/", api_tokens.revoke, name="api_token_revoke"),
    path("neuer-link/", links.renew, name="renew_link"),
    path("einstellungen/<str:token>/nicht-fuer-mich/", links.not_for_me, name="not_for_me"),
]
