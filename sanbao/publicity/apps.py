"""The Django application of this room."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "sanbao.publicity"
    label = "publicity"
    default_auto_field = "django.db.models.BigAutoField"
