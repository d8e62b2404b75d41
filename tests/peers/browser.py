"""A headless browser, and the server of the page that it opens."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.peers.wire import SECONDS_TO_WAIT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",  # nobody is there to press a button
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
)


class PageServer(ThreadingHTTPServer):
    """Serves one page at `/` and takes the reports that the page sends to `/report`.

    A report is answered with the next of `texts`, if one is left and the page is done with what it did.
    """

    daemon_threads = False  # so that closing waits for every thread

    def __init__(self, page: bytes, texts: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), PageHandler)
        self.page = page
        self.texts = texts
        self.reports: Queue[dict[str, Any]] = Queue()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class PageHandler(BaseHTTPRequestHandler):
    @property
    def _pages(self) -> PageServer:
        assert isinstance(self.server, PageServer)
        return self.server

    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == "/"
        self._answer(200 if found else 404, self._pages.page if found else b"")

    def do_POST(self) -> None:
        report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        go_on = report["state"] == "done" and self._pages.texts
        self._answer(200, self._pages.texts.pop(0).encode() if go_on else b"")
        self._pages.reports.put(report)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served_page(page: bytes, texts: list[str]) -> Iterator[PageServer]:
    """The server, listening on a free port."""
    with PageServer(page, texts) as server:
        thread = Thread(target=server.serve_forever, name="page server")
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running_browser(executable: str, url: str, folder: Path, flags: Sequence[str] = ()) -> Iterator[Path]:
    """Open a page; gives the browser's log. What it writes is below `folder`, and no process of it is left.

    `flags`: those of this call, beside FLAGS.
    """
    log = folder / "browser.log"
    with log.open("wb") as output:
        browser = subprocess.Popen(
            [executable, *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", url],
            env={**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)},  # for crash reports
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield log
    finally:
        # The crash handlers are in groups of their own, and end by themselves when the browser has gone.
        family = processes_naming(folder)
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        _, alive = psutil.wait_procs(family, timeout=SECONDS_TO_WAIT)
        assert not alive, alive


def processes_naming(folder: Path) -> list[psutil.Process]:
    """The processes that have a path below the folder in their command line."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(f"{folder}{os.sep}" in argument for argument in process.info["cmdline"] or ())
    ]


class Page:
    """An open page, as its reports tell."""

    def __init__(self, server: PageServer, log: Path) -> None:
        self.origin = server.origin
        self._reports = server.reports
        self._log = log

    def until(self, state: str) -> dict[str, Any]:
        """The next report of this state; those before it are passed over."""
        try:
            while (report := self._reports.get(timeout=SECONDS_TO_WAIT))["state"] != state:
                pass
        except Empty:
            raise AssertionError(f"the page was not {state}; the browser says:\n{self._log.read_text()}") from None
        return report


class Browser:
    """Opens pages, each in a new browser."""

    def __init__(self, executable: str, folder: Path) -> None:
        self._executable = executable
        self._folder = folder
        self.flags: list[str] = []

    @contextmanager
    def page(self, page: bytes, query: dict[str, str], texts: list[str] | None = None) -> Iterator[Page]:
        """`texts`: the answers to the page's reports, as PageServer gives them."""
        with served_page(page, texts or []) as server:
            url = f"{server.origin}/?{urlencode(query)}"
            with running_browser(self._executable, url, self._folder, self.flags) as log:
                yield Page(server, log)


def find_browser() -> str | None:
    """Chromium or Chrome on the PATH; None where there is none that can be ended by its process group."""
    return next(filter(None, map(shutil.which, NAMES)), None) if os.name == "posix" else None
