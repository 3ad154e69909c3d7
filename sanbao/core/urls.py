"""The few addresses that belong to no door."""

from django.urls import re_path

from sanbao.core import views

app_name = "core"
urlpatterns = [
    re_path(r"^photos/(?P<sha256>[0-9a-f]{64})\.jpg$", views.photo, name="photo"),
    re_path(r"^photos/(?P<sha256>[0-9a-f]{64})/original$", views.original, name="photo_original"),
]
