"""The Django application of this room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "sanbao.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
