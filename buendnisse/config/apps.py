from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Holds the management commands and the wiring of all houses."""

    name = "buendnisse.config"
    label = "config"
    verbose_name = "Konfiguration"
