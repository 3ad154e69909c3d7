"""Serves the browser libraries that `npm ci` put into node_modules, and of those only the files the pages use."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

PREFIX = "lib/"
FILES = {
    "lib/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "lib/alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "lib/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "lib/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "lib/echarts.min.js": "echarts/dist/echarts.min.js",
    "lib/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "lib/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "lib/maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "lib/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
}


class LibraryFinder(BaseFinder):
    """Finds `lib/…` among the installed npm packages, by an explicit list."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storage = FileSystemStorage(location=str(self.root))

    def check(self, **kwargs: object) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | list[str]:  # type: ignore[override]
        """The file's place on disk, or an empty list."""
        source = FILES.get(path)
        if source is None or not (self.root / source).exists():
            return []
        found = str(self.root / source)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every library file with the storage that holds it."""
        for path, source in FILES.items():
            if not matches_patterns(path, ignore_patterns or []) and (self.root / source).exists():
                storage = _Renamed(self.root, path, source)
                yield path, storage


class _Renamed(FileSystemStorage):
    """A storage of one file under another name."""

    def __init__(self, root: Path, path: str, source: str) -> None:
        super().__init__(location=str(root))
        self.path_name, self.source, self.prefix = path, source, ""

    def path(self, name: str) -> str:
        return super().path(self.source if name == self.path_name else name)
