"""Opens a file in a headless browser and drives the page by the DevTools protocol."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from tests.peers.browser import running_browser
from tests.peers.wire import SECONDS_TO_WAIT


class OpenPage:
    """A page, the addresses that it has asked for, and what the browser's console says of it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._calls = 0
        self.requested: list[str] = []
        self.complaints: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; events that come meanwhile are noted."""
        self._calls += 1
        self._connection.send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while (message := self._receive()).get("id") != self._calls:
            pass
        assert "error" not in message, message
        result: dict[str, Any] = message["result"]
        return result

    def load(
        self, path: Path, *, dark: bool = False, width: int = 1200, scripts: bool = True, fragment: str = ""
    ) -> None:
        """Load a file, and wait until that is done."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Page.navigate", url=f"{path.as_uri()}{'#' if fragment else ''}{fragment}")
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:
        """The value of an expression, of a promise its result."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def is_drawn(self, selector: str) -> int:
        """How many elements have a box, asked without running a script on the page."""
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        nodes = self.call("DOM.querySelectorAll", nodeId=document, selector=selector)["nodeIds"]
        return sum(self._has_box(node) for node in nodes)

    def _has_box(self, node: int) -> bool:
        quads = self.call("DOM.getContentQuads", nodeId=node)["quads"]
        return bool(quads)

    def press(self, key: str) -> None:
        """Press a key that writes nothing, or a character."""
        text = {"text": key} if len(key) == 1 else {"Enter": {"text": "\r"}}.get(key, {})
        code = {"Tab": 9, "Enter": 13, "Escape": 27}.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self, path: Path, whole: bool = True) -> None:
        """Write a PNG of the page."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._connection.recv(timeout=SECONDS_TO_WAIT))
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(message["params"]["request"]["url"])
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        return message


@contextmanager
def open_browser(executable: str, folder: Path) -> Iterator[OpenPage]:
    """A browser with an empty page. What it writes is below `folder`."""
    with (
        running_browser(executable, "about:blank", folder, ["--remote-debugging-port=0"]) as log,
        connect(_page_url(folder / "profile" / "DevToolsActivePort", log), max_size=None) as connection,
    ):
        page = OpenPage(connection)
        for domain in ("Page", "Network", "Runtime", "DOM", "Log"):
            page.call(f"{domain}.enable")
        yield page


def _page_url(port_file: Path, log: Path) -> str:
    """The address of the first page, once the browser has written where it listens."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < end:
        lines = port_file.read_text().splitlines() if port_file.exists() else []
        if len(lines) == 2:
            with urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=SECONDS_TO_WAIT) as answer:
                pages = [target for target in json.load(answer) if target["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.02)
    raise AssertionError(f"the browser did not start; it says:\n{log.read_text()}")
