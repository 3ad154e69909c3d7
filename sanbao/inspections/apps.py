"""The Django application of this room."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "sanbao.inspections"
    label = "inspections"
    default_auto_field = "django.db.models.BigAutoField"
