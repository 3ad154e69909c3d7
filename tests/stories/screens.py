"""The pictures of the README, taken from the demonstration district: `SANBAO_HOME=<its home> python -m tests.stories.screens`.

The home is one that `./run demo` has built. Every page that is pictured is judged as in the stories; what is wrong is printed.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

from tests.stories import browser as browsing
from tests.stories.browser import DESKTOP, PHONE, Window, keep_picture

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
HERE = {"geolocation": {"latitude": 34.72006, "longitude": 113.70006}, "permissions": ["geolocation"]}


class Camera:
    """Logged-in windows of the demonstration, and the pictures taken through them."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.browser, self.home = browser, home
        self.desks: dict[tuple[str, int], Window] = {}
        self.phone = Window.open(browser, home, PHONE, **HERE)

    def desk(self, user: str, size: dict = DESKTOP) -> Window:
        """The window of this person, logged in once."""
        from tests.stories.conftest import log_in

        key = (user, size["viewport"]["width"])
        if key not in self.desks:
            self.desks[key] = Window.open(self.browser, self.home, size)
            log_in(self.desks[key], user)
        return self.desks[key]

    def take(self, name: str, window: Window, at: str = "") -> None:
        """Judge the page and keep it, scrolled so that what `at` selects stands at the top."""
        window.look(name)
        if at:
            window.page.locator(at).first.evaluate("each => each.scrollIntoView({ block: 'start', behavior: 'instant' })")
        keep_picture(window.page, FOLDER / f"{name}.png")

    @property
    def faults(self) -> list[str]:
        """Everything that was wrong with any of the pages."""
        return [fault for window in (self.phone, *self.desks.values()) for fault in window.faults]


def staff(camera: Camera) -> None:
    """What the headquarters and the bureau see."""
    dispatcher, leader, liu = camera.desk("dispatcher"), camera.desk("leader"), camera.desk("liu")
    dispatcher.go("/desk/")
    camera.take("today", dispatcher)
    leader.go("/desk/campaign/")
    camera.take("campaign", leader)
    leader.go("/desk/ranking/")
    leader.press("table.ranking a")
    camera.take("story-ladder", leader)
    liu.go("/desk/cases/?view=all&state=noticed")
    liu.press("table a[href*='/desk/cases/']")
    camera.take("story-case", liu)


def register(camera: Camera) -> None:
    """What a street office sees: a list before it is imported, the coverage, a street."""
    from tests.stories import pictures

    clerk = camera.desk("clerk")
    page = clerk.go("/desk/register/imports/")
    given = {"name": "柳荫街道商户底册.csv", "mimeType": "text/csv", "buffer": pictures.nasty_list()}
    page.locator("input[name=file]").set_input_files(given)  # type: ignore[arg-type]
    page.locator("input[name=source]").fill("柳荫街道商户底册")
    page.locator("select[name=kind]").select_option("census")
    clerk.press("form:has(input[name=file]) button[type=submit]")
    clerk.press(".tile[href*='tab=faulty']")
    camera.take("story-register", clerk)
    clerk.press("button[value=drop]")
    clerk.go("/desk/coverage/")
    camera.take("coverage", clerk)
    clerk.go("/desk/strips/")
    camera.take("story-strip", clerk)


def streets(camera: Camera) -> None:
    """What an officer, a shop owner and a citizen hold in their hands."""
    from tests.stories.test_correcting import fill_report
    from tests.stories.test_signing import sign_with_the_finger

    officer = camera.desk("liu", PHONE)
    officer.go("/desk/problems/?state=ordered")
    latest = officer.page.locator("table a[href*='/desk/problems/']").last.get_attribute("href")
    officer.go(latest or "")
    camera.take("story-order", officer, "[data-test=order]")
    clerk = camera.desk("clerk")
    page = clerk.go("/desk/letters/links/")
    link = page.locator("a[href*='/m/sign/']").first.get_attribute("href")
    page = camera.phone.go(link or "/")
    page.locator("[data-agree-all]").click()
    sign_with_the_finger(page)
    camera.take("story-sign", camera.phone)
    fill_report(camera.phone)
    camera.take("story-report", camera.phone)
    camera.phone.go("/")
    camera.take("home", camera.phone)
    wide = Window.open(camera.browser, camera.home, DESKTOP)
    camera.desks["", 0] = wide
    wide.go("/published/")
    camera.take("story-published", wide)


def main() -> int:
    """Serve the home, take the pictures, print what is wrong; 1 when anything is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanbao.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    django.setup()
    from django.conf import settings

    from tests import processes

    env = {**os.environ, "SANBAO_SECRET_KEY": settings.SECRET_KEY, "PYTHONPATH": str(processes.ROOT)}
    server = processes.start_server(env)
    try:
        with sync_playwright() as playwright:
            playwright.selectors.set_test_id_attribute("data-test")
            browser = playwright.chromium.launch(executable_path=browsing.PATH, args=browsing.FLAGS)
            camera = Camera(browser, server.url)
            for part in (staff, register, streets):
                attempt(part, camera)
            print(*dict.fromkeys(camera.faults), sep="\n")
            return int(bool(camera.faults))
    finally:
        server.stop()


def attempt(part: Callable[[Camera], None], camera: Camera) -> None:
    """Take one part's pictures; say what stopped it and go on with the next."""
    try:
        part(camera)
    except Exception as error:
        print(f"{part.__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
