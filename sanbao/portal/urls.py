"""The addresses of this door; each view module lists its own."""

from sanbao.core.doors import pages_of

app_name = "portal"
urlpatterns = pages_of("sanbao.portal")
