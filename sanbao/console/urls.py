"""The addresses of this door; each view module lists its own."""

from sanbao.core.doors import pages_of

app_name = "console"
urlpatterns = pages_of("sanbao.console")
