from django.urls import path

from notifications.views import mail_wishes

app_name = "notifications"
urlpatterns = [
    path("einstellungen/<str:token>/", mail_wishes.settings, name="settings"),
    path("abbestellen/<str:token>/", mail_wishes.unsubscribe, name="unsubscribe"),
]
