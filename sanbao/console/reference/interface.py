"""The page for machines: the OpenAPI document of the programming interface, as partners compare it between versions."""

import json

from django.utils.module_loading import import_string

INTERFACE = "sanbao.api.documented.api"


def page() -> str:
    """The document as indented JSON. Doors do not know each other, so the interface is found by its name."""
    document = import_string(INTERFACE).get_openapi_schema()
    return json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n"
