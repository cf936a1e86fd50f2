"""All addresses. The second floor comes first: `/` looks at everything."""

from django.urls import include, path

from buendnisse.config import health
from buendnisse.config.api import api

urlpatterns = [
    path("api/", api.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("anmelden/", include("buendnisse.config.sign_in_urls")),
    path("", include("notifications.urls")),
    path("", include("meetings.urls")),
    path("", include("buendnisse.urls")),
]
handler403 = "buendnisse.views.errors.forbidden"
handler404 = "buendnisse.views.errors.not_found"
handler500 = "buendnisse.views.errors.server_error"
