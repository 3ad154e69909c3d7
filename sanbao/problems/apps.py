"""The Django application of this room."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "sanbao.problems"
    label = "problems"
    default_auto_field = "django.db.models.BigAutoField"
