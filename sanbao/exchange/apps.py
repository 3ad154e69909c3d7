"""The Django application of this room."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "sanbao.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
