"""The Django application of this room."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "sanbao.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
