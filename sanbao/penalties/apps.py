"""The Django application of this room."""

from django.apps import AppConfig


class PenaltiesConfig(AppConfig):
    name = "sanbao.penalties"
    label = "penalties"
    default_auto_field = "django.db.models.BigAutoField"
