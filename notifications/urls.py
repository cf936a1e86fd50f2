from django.urls import path

from notifications.views import home, mail_wishes, sign_in

app_name = "notifications"
urlpatterns = [
    path("", home.home, name="home"),
    path("anmelden/einmal/<str:token>/", sign_in.once, name="sign_in_once"),
    path("einstellungen/<str:token>/", mail_wishes.settings, name="settings"),
    path("abbestellen/<str:token>/", mail_wishes.unsubscribe, name="unsubscribe"),
]
