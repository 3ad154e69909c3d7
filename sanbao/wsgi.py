"""The WSGI application that the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanbao.settings")
application = get_wsgi_application()

# Everything that lives as long as the process is loaded now and left out of every later search for garbage: looking through it
# again and again cost a third of the time of a request.
get_resolver().url_patterns  # noqa: B018  # loads the pages of all doors
gc.collect()
gc.freeze()
