"""Serving what was built: the web server and the worker as child processes, watched until somebody stops them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

FIRST_PAGES = ("/", "/accounts/login/", "/static/core/tokens.css", "/static/core/plain.css", "/desk/")
PATIENCE_SECONDS, STOP_SECONDS, TRIED_PORTS = 60, 10, 50
NO_PORT = _("No free port between %(first)s and %(last)s.")
DIED = _("The %(name)s ended by itself (exit code %(code)s). Its last words are above.")
SILENT = _("The web server gave no page within %(seconds)s seconds.")


class Failed(Exception):
    """A process that could not be started or did not stay; the text is the sentence for standard error."""


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, min(wanted + TRIED_PORTS, 65_536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return port
    raise Failed(gettext(NO_PORT) % {"first": wanted, "last": wanted + TRIED_PORTS})


@dataclass
class Servers:
    """The two processes; `stop` ends both, `watch` waits for the end of either or for a signal."""

    host: str
    port: int
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    stopping: bool = False

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the first page."""
        here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{here}:{self.port}"

    def start(self) -> None:
        """Start the web server and the worker; both belong to this process and get no signals of the terminal themselves."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        web = ["-m", "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port), "--workers", "2"]
        web += ["--blocking-threads", "1", "--no-ws", "--log-level", "warning", "sanbao.wsgi:application"]
        self._start(_("web server"), web)
        self._start(_("worker"), ["-m", "sanbao", "worker"])

    def _start(self, name: str, arguments: Sequence[str]) -> None:
        hosts = ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, *_names_of(self.host)]))
        env = {**os.environ, "SANBAO_HOSTS": hosts, "DJANGO_SETTINGS_MODULE": "sanbao.settings"}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(settings.BASE_DIR), env.get("PYTHONPATH", "")]))
        self.running[name] = subprocess.Popen(
            [sys.executable, *arguments], env=env, start_new_session=True, cwd=settings.BASE_DIR
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def wait_for_first_page(self) -> None:
        """Wait until a page answers, then ask for the usual first ones so that nobody waits for them; raises `Failed`."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._answers("/"):
            self._insist_alive()
            if time.monotonic() > until:
                raise Failed(gettext(SILENT) % {"seconds": PATIENCE_SECONDS})
            if self.stopping:
                return
            time.sleep(0.1)
        for page in FIRST_PAGES * 2:  # two workers, each with its own caches
            self._answers(page)

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                answer.read()
                return answer.status == 200
        except urllib.error.HTTPError:
            return path != "/"
        except OSError:
            return False

    def _insist_alive(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Failed(gettext(DIED) % {"name": gettext(name), "code": process.returncode})

    def watch(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Come back when somebody asks to stop; raises `Failed` when one of the two ends by itself."""
        while not self.stopping:
            self._insist_alive()
            sleep(0.3)

    def stop(self) -> None:
        """End both, gently first; whoever does not listen is ended."""
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            if process.poll() is None:
                _signal(process, signal.SIGKILL)
                process.wait()


def _signal(process: subprocess.Popen, number: int) -> None:
    """To the whole group of a child: the web server has workers of its own."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number) if number == signal.SIGKILL else process.send_signal(number)


def _names_of(host: str) -> list[str]:
    """Under which names this machine may be asked for when it listens on `host`."""
    if host not in ("0.0.0.0", "::"):
        return [f"[{host}]" if ":" in host else host]
    name = socket.gethostname()
    found = {name}
    with contextlib.suppress(OSError):
        found.update(socket.gethostbyname_ex(name)[2])
    return sorted(found)
