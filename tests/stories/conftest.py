"""The house of a story: a fresh home with its server and worker, and windows into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import processes
from tests.stories import browser as browsing
from tests.stories.browser import DESKTOP, PHONE, Window
from tests.world import PASSWORD


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a story; without a browser it says so and is skipped."""
    why = browsing.missing()
    for item in items:
        if "tests/stories/" in str(item.path).replace("\\", "/") and "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.story)
            if why:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all stories of this process."""
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(executable_path=browsing.PATH, args=browsing.FLAGS)
        yield browser
        browser.close()


@dataclass
class House:
    """A running installation with the cast of `tests/world.py`."""

    env: processes.Env
    server: processes.Server
    worker: processes.Process
    doors: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def python(self, code: str) -> str:
        """Run Python text inside the installation (district 990101 at work); what it printed."""
        return processes.run_python(self.env, code).strip()

    def stage(self, call: str) -> str:
        """Call a function of `tests/stories/stage.py` inside the installation; what it answers, as text."""
        return self.python(f"from tests.stories import stage; print(stage.{call})")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home of its own for the stories of one module."""
    env = processes.fresh_home(tmp_path_factory.mktemp("house"), cast=True)
    processes.run_python(env, "from tests.stories import stage; stage.settle()")
    worker = processes.start_worker(env)
    try:
        server = processes.start_server(env)
        yield House(env, server, worker)
        server.stop()
        assert "Traceback" not in server.said(), server.said()[-4000:]
        assert "Traceback" not in worker.said(), worker.said()[-4000:]
    finally:
        worker.kill()


@pytest.fixture
def windows(chromium: Browser, house: House) -> Iterator[Callable[..., Window]]:
    """Opens windows and, when the story is over, fails it for everything any of them saw."""
    opened: list[Window] = []

    def open_window(size: dict[str, Any], **more: Any) -> Window:
        opened.append(Window.open(chromium, house.url, size, **more))
        return opened[-1]

    yield open_window
    faults = []
    for window in opened:
        window.context.close()
        faults += window.faults
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def phone(windows: Callable[..., Window]) -> Window:
    """A citizen's or merchant's phone, 360 px wide, nobody logged in."""
    return windows(PHONE)


@pytest.fixture
def desk(windows: Callable[..., Window], house: House) -> Callable[..., Window]:
    """`desk("liu")` or `desk("liu", PHONE)`: a window in which that person has logged in."""

    def open_desk(user: str, size: dict[str, Any] = DESKTOP) -> Window:
        if user in house.doors:
            return windows(size, storage_state=house.doors[user])
        window = windows(size)
        log_in(window, user)
        house.doors[user] = window.context.storage_state()
        return window

    return open_desk


def log_in(window: Window, user: str) -> None:
    """Log in by the form, as people do."""
    page = window.go("/accounts/login/")
    page.get_by_test_id("login").fill(user)
    page.get_by_test_id("password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("submit-login").click()
    assert "/accounts/login/" not in page.url, page.inner_text("main")
