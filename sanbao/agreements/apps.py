"""The Django application of this room."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "sanbao.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
