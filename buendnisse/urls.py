from django.urls import path

from buendnisse.views import links

app_name = "buendnisse"
urlpatterns = [
    path("neuer-link/", links.renew, name="renew_link"),
    path("einstellungen/<str:token>/nicht-fuer-mich/", links.not_for_me, name="not_for_me"),
]
