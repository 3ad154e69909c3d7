"""What makes the phone's pages an application of their own: the manifest, and the worker that keeps the offline page at hand."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# What the offline page needs, and nothing else: it is kept on the phone as it is.
KEPT: Final = (
    "core/tokens.css",
    "core/plain.css",
    "core/mark.svg",
    "field/sign.css",
    "field/carry.css",
    "field/carry.js",
    "field/letter.js",
    "field/pages.js",
    "field/pad.js",
    "field/photo.js",
    "field/store.js",
    "field/tray.js",
    "field/icon-192.png",
)
PAGES: Final = ("carry.html", "carry_letter.html", "worker.js")
ICONS: Final = (("field/icon-192.png", "192x192", "any"), ("field/icon-512.png", "512x512", "any maskable"))


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scope is this door; its text changes with any file it keeps, so that phones fetch them anew."""
    context = {
        "version": _version() if not settings.DEBUG else _version.__wrapped__(),
        "shell": reverse("field:carry"),
        "kept": json.dumps([static(name) for name in KEPT]),
    }
    return render(request, "field/worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web application manifest (W3C)."""
    described = {
        "id": reverse("field:carry"),
        "name": _("Sanbao – signatures on the spot"),
        "short_name": _("Sanbao"),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("field:carry"),
        "scope": "/m/",
        "display": "standalone",
        "background_color": "#f5f6f3",
        "theme_color": "#1f5d43",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose} for name, sizes, purpose in ICONS
        ],
    }
    body = json.dumps(described, ensure_ascii=False)
    return HttpResponse(body, content_type="application/manifest+json; charset=utf-8", headers={"Vary": "Cookie"})


@lru_cache(maxsize=1)
def _version() -> str:
    """A name for the present state of every kept file and of the page itself."""
    files = [Path(str(finders.find(name))) for name in KEPT]
    files += [Path(__file__).parent.parent / "templates/field" / name for name in PAGES]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


urlpatterns = [
    path("worker.js", worker, name="worker"),
    path("app.webmanifest", manifest, name="manifest"),
]
