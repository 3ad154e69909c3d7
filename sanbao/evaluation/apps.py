"""The Django application of this room."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "sanbao.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"
