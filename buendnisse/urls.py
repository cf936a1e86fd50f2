from django.urls import URLPattern, URLResolver

app_name = "buendnisse"
urlpatterns: list[URLPattern | URLResolver] = []
