"""How a door finds its pages: each room's view module in `<door>/views/` brings its own `urlpatterns`."""

import pkgutil
from importlib import import_module

from django.urls import URLPattern


def pages_of(door: str) -> list[URLPattern]:
    """Every address of a door, from its view modules in alphabetical order; `door` is a package name like `sanbao.console`."""
    package = import_module(f"{door}.views")
    found: list[URLPattern] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        found += getattr(import_module(f"{door}.views.{module}"), "urlpatterns", [])
    return found
