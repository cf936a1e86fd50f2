from django.apps import AppConfig


class BuendnisseConfig(AppConfig):
    name = "buendnisse"
    verbose_name = "Netzwerk"
    default_auto_field = "django.db.models.BigAutoField"
