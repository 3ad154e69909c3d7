"""The Django application of this room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "sanbao.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
