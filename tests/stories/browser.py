"""A real Chromium and what it may not see: every page a story looks at is judged here. What people do is in the stories.

A page is at fault when it logs an error, fails to load anything, asks another host, breaks the content security policy, scrolls
sideways on a phone, leaves English standing for a Chinese reader, or has a serious or critical axe violation.
"""

import contextlib
import io
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

PATH = os.environ.get("SANBAO_BROWSER") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--lang=zh-CN",
]
PATIENCE = 10_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
NARROW = {"width": 360, "height": 740}
CHINESE: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PICTURE_BYTES = 250_000

AXE_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# Words that stay Latin in Chinese: names, formats and codes that have no other spelling.
LATIN = {
    *("csv", "xlsx", "xls", "ods", "pdf", "jpg", "jpeg", "png", "webp", "gbk", "utf", "sha", "json", "api", "https", "http"),
    *("openstreetmap", "odbl", "contributors", "wgs", "gps", "openapi", "ecdsa", "sanbao", "javascript", "word"),
}
# Codes that sentences still carry: verbs of the grants, articles, the facts to be proven; and codes that are codes.
CODES = re.compile(
    r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b|\b[0-9A-Z]{15,18}\b|\d-[0-9A-Z]{4}\b"  # check codes, credit codes: first, they may look like an article
    r"|[a-z]+\.[a-z_]+|[A-Z]{2,5}-\d+(\(\d+\))?|DEMO-[\d-]+|\b(conduct|party|refusal)\b"
)
WORD = re.compile(r"[A-Za-z]{3,}")
LEFTOVER = re.compile(r"%\([a-z_]+\)[sd]|\{\{|\{%|\bNone\b|Undefined|Traceback")

TEXTS = """() => {
  const found = [], skip = 'script,style,noscript,template,code,kbd,textarea';
  const other = node => { const said = node.closest('[lang]'); return said && said !== document.documentElement; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, above = node.parentElement;
    if (above && !above.closest(skip) && !other(above) && node.data.trim()) found.push(node.data.trim());
  }
  for (const each of document.body.querySelectorAll('[aria-label],[placeholder],[title],[alt]'))
    if (!other(each)) for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (each.hasAttribute(name)) found.push(each.getAttribute(name));
  found.push(document.title);
  return found;
}"""
TOO_WIDE = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width + 1) return '';
  const scrolls = node => { for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) return true; return false; };
  const wide = [...document.body.querySelectorAll('*')].filter(
    each => each.getBoundingClientRect().right > width + 1 && !scrolls(each)).slice(0, 4);
  const named = wide.map(each => each.tagName.toLowerCase() + (each.className ? '.' + String(each.className.baseVal ?? each.className) : '')
    + ' «' + (each.textContent || '').trim().slice(0, 30) + '»');
  return `${root.scrollWidth} px wide on ${width} px: ${named.join(', ')}`;
}"""


def missing() -> str:
    """Why no story can be told here; empty when a browser is there."""
    return "" if shutil.which(PATH) else f"no Chromium at {PATH}: install one or name it in SANBAO_BROWSER"


@dataclass
class Window:
    """One person's browser window at one house; `faults` collects what no page may do."""

    context: BrowserContext
    page: Page
    home: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    @classmethod
    def open(cls, browser: Browser, home: str, size: dict[str, Any], **more: Any) -> "Window":
        """A new window of this size, reading Chinese, with nobody logged in."""
        context = browser.new_context(base_url=home, **{**CHINESE, **size, **more})
        context.set_default_timeout(PATIENCE)
        window = cls(context, context.new_page(), home)
        context.on("console", window._heard)
        context.on("request", window._asked)
        context.on("requestfailed", window._failed)
        context.on("response", window._answered)
        context.on("weberror", lambda error: window._fault(f"script error: {error.error}"))
        return window

    def go(self, address: str) -> Page:
        """Open an address of the house; fails at once where the answer is a refusal that nobody expects."""
        return self._arrived(self.page.goto(address))

    def press(self, selector: str) -> Page:
        """Press the first button or link that a CSS selector names, and wait for the page that follows."""
        with self.page.expect_navigation() as going:
            self.page.locator(selector).first.click()
        return self._arrived(going.value)

    def _arrived(self, answer: Response | None) -> Page:
        refused = answer is not None and answer.status >= 400 and answer.status not in self.expected
        assert not refused, f"{answer.status} {self.page.url}: {self.page.inner_text('body')}"  # type: ignore[union-attr]
        return self.page

    def look(self, name: str = "", *, chinese: bool = True) -> None:
        """Judge the page as it stands; a page with a `name` is also kept as a picture in the folder SANBAO_SCREENS, if one is set."""
        where = f"{urlsplit(self.page.url).path} ({name or 'unnamed'})"
        self._judge_words(where, chinese)
        self._judge_width(where)
        for violation in Axe().run(self.page, options=AXE_OPTIONS).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                self._fault(f"{where}: axe {violation['impact']} {violation['id']}: {nodes}")
        if name and os.environ.get("SANBAO_SCREENS"):
            keep_picture(self.page, Path(os.environ["SANBAO_SCREENS"]) / f"{name}.png")

    @contextlib.contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within this block, answers with these statuses are no fault."""
        self.expected |= set(statuses)
        try:
            yield
        finally:
            self.expected -= set(statuses)

    def close(self) -> None:
        """Close the window, and fail with everything that was wrong."""
        self.context.close()
        assert not self.faults, "\n".join(dict.fromkeys(self.faults))

    def _judge_words(self, where: str, chinese: bool) -> None:
        for text in dict.fromkeys(self.page.evaluate(TEXTS)):
            if LEFTOVER.search(text):
                self._fault(f"{where}: left over in the text: {text[:80]!r}")
            english = [word for word in WORD.findall(CODES.sub("", text)) if word.lower() not in LATIN]
            if chinese and english:
                self._fault(f"{where}: not translated: {text[:120]!r}")

    def _judge_width(self, where: str) -> None:
        before = self.page.viewport_size
        if before and before["width"] > NARROW["width"]:
            self._too_wide(where)
            self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        self._too_wide(where)
        if before:
            self.page.set_viewport_size(before)

    def _too_wide(self, where: str) -> None:
        if said := self.page.evaluate(TOO_WIDE):
            self._fault(f"{where}: scrolls sideways: {said}")

    def _fault(self, what: str) -> None:
        self.faults.append(what)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):  # those are judged as answers
            self._fault(f"console: {message.text} ({message.page.url if message.page else ''})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.home).netloc:
            self._fault(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # leaving a page stops what still loads
            self._fault(f"not loaded: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._fault(f"{response.status} from {response.request.method} {response.url}")


def keep_picture(page: Page, file: Path) -> None:
    """Keep what the window shows as a PNG of few colours, at most 250 kB."""
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours).save(out, "PNG", optimize=True)
        if out.tell() <= PICTURE_BYTES:
            break
    file.write_bytes(out.getvalue())
