"""The roof over the four doors."""

from django.urls import include, path

urlpatterns = [
    path("", include("sanbao.core.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("sanbao.console.urls")),
    path("m/", include("sanbao.field.urls")),
    path("api/", include("sanbao.api.urls")),
    path("", include("sanbao.portal.urls")),
]
