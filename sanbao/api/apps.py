"""The Django application of this room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sanbao.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
