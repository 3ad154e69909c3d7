"""The Django application of this room."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "sanbao.problems"
    label = "problems"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from sanbao.core.models import District
        from sanbao.problems.ground import forget
        from sanbao.registry.models import Area

        for model in (District, Area):
            post_save.connect(forget, sender=model, dispatch_uid=f"problems.ground.{model.__name__}")
