from django.urls import path

from notifications.views import agenda, answer, calendar, demo, home, mail_wishes, outbox, sign_in, telephone, year

app_name = "notifications"
urlpatterns = [
    path("", home.home, name="home"),
    path("meine-seite/oeffnen/", home.open_mine, name="open_mine"),
    path("anmelden/einmal/<str:token>/", sign_in.once, name="sign_in_once"),
    path("demo/", demo.start, name="demo"),
    path("demo/rollen/", demo.roles, name="demo_roles"),
    path("demo/post/<int:number>/", demo.post, name="demo_post"),
    path("demo/post/<int:number>/zustellen/", demo.deliver, name="demo_deliver"),
    path("demo/post/<int:number>/<int:message_number>/", demo.letter, name="demo_letter"),
    path("demo/post/<int:number>/<int:message_number>/html/", demo.letter_html, name="demo_letter_html"),
    path("postausgang/", outbox.overview, name="outbox"),
    path("postausgang/anhalten/", outbox.stop_all, name="outbox_stop_all"),
    path("postausgang/<int:number>/", outbox.letter, name="outbox_letter"),
    path("postausgang/<int:number>/html/", outbox.letter_html, name="outbox_letter_html"),
    path("antwort/<str:token>/", answer.answer, name="answer"),
    path("antwort/<str:token>/<slug:wish>/", answer.answer_as, name="answer_as"),
    path("sitzungen/<slug:slug>/tagesordnung/versenden/", agenda.send, name="send_agenda"),
    path("sitzungen/<slug:slug>/tagesordnung/versenden/mail/", agenda.preview, name="send_agenda_preview"),
    path("kalender/<str:token>.ics", calendar.feed, name="feed"),
    path("kalender/<str:token>/", calendar.page, name="calendar"),
    path("planung/<int:year>/vorschau/", year.preview, name="year_tell"),
    path("planung/<int:year>/vorschau/mail/", year.mail, name="year_tell_preview"),
    path("planung/<int:year>/zuruecknehmen/", year.take_back, name="year_take_back"),
    path("sitzungen/<slug:slug>/telefonliste/", telephone.calls, name="telephone_list"),
    path("sitzungen/<slug:slug>/absage/senden/", telephone.send_now, name="cancellation_send"),
    path("sitzungen/<slug:slug>/absage/zuruecknehmen/", telephone.take_back, name="cancellation_take_back"),
    path("einstellungen/<str:token>/", mail_wishes.settings, name="settings"),
    path("abbestellen/<str:token>/", mail_wishes.unsubscribe, name="unsubscribe"),
]
