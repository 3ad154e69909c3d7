"""The reference pages of `docs/generated`, made from the code so that they cannot fall behind it.

Each module here makes one page as text; nothing is read from the database and no clock is asked, so the same code gives the same pages.
Which sentence stands for an action is in `console.actions`; what people do with the pages is in `docs/handbook`.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from sanbao.console.reference import events, interface, law_in_force, permissions, workflows

PAGES: dict[str, Callable[[], str]] = {
    "workflows.md": workflows.page,
    "permissions.md": permissions.page,
    "events.md": events.page,
    "law.md": law_in_force.page,
    "openapi.json": interface.page,
}
FOLDER = Path(settings.BASE_DIR) / "docs" / "generated"


def written(folder: Path = FOLDER) -> list[Path]:
    """Write every page that differs from what lies there; the answer is which."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, make in PAGES.items():
        path, text = folder / name, make()
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of the pages that are missing or no longer say what the code does."""
    return [name for name, make in PAGES.items() if not (folder / name).is_file() or (folder / name).read_text("utf-8") != make()]
