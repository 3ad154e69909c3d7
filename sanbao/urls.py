"""The roof over the four doors."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include("sanbao.core.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("sanbao.core.urls")),
]
# While rooms are being furnished, a door without a page list is simply not there yet.
for prefix, door in (("desk/", "console"), ("m/", "field"), ("api/", "api"), ("", "portal")):
    if find_spec(f"sanbao.{door}.urls"):
        urlpatterns.append(path(prefix, include(f"sanbao.{door}.urls")))
