"""A headless Chromium for tests, driven through its DevTools protocol over a pair of pipes.

No package and no driver program is needed: Chromium reads commands on its file descriptor 3 and
answers on 4, each a JSON text ended by a zero byte.
https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-pipe",
    "--window-size=1200,900",
]
PATIENCE = 600.0
"""Seconds until an answer, or what a program prepares, counts as missing on a busy machine."""

KEYS = {
    **{"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40},
    **{"Home": 36, "End": 35, "Enter": 13},
}


@cache
def find_browser() -> str | None:
    """The path of a Chromium, if there is one that runs.

    Where Ubuntu has no snaps, its `chromium-browser` only says that it needs one.
    """
    return next(filter(_runs, map(shutil.which, PROGRAMS)), None)


def _runs(program: str | None) -> bool:
    asked = program and subprocess.run([program, "--version"], capture_output=True, check=False)
    return isinstance(asked, subprocess.CompletedProcess) and asked.returncode == 0


class Browser:
    """One page of a headless Chromium.

    Attributes:
        problems: what the pages so far complained of: errors, warnings, exceptions.
        requests: the addresses that they asked for.
    """

    def __init__(self, program: str) -> None:
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._events: list[dict[str, Any]] = []
        self._received = b""
        self._count = 0
        self._session: str | None = None
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()

        def as_3_and_4() -> None:
            # copies first, out of the way: 3 or 4 may be one of the pipes' own numbers
            reading, writing = os.dup(to_read), os.dup(to_write)
            spare_reading, spare_writing = os.dup(reading), os.dup(writing)
            os.dup2(spare_reading, 3)
            os.dup2(spare_writing, 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=as_3_and_4,
            close_fds=False,
        )
        os.close(to_read)
        os.close(to_write)
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send("Network.setCacheDisabled", cacheDisabled=True)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._to)
        os.close(self._from)
        self._profile.cleanup()

    # -- the protocol

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command and its result."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        content = json.dumps(message).encode() + b"\0"
        while content:
            content = content[os.write(self._to, content) :]
        while True:
            answer = self._receive()
            if answer.get("id") == self._count:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def wait_for(self, event: str) -> None:
        """Wait until an event has come since the last wait."""
        while all(each["method"] != event for each in self._events):
            self._receive()
        self._events.clear()

    def _receive(self) -> dict[str, Any]:
        """The next message; events are noted."""
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(self._from, 1 << 20) if ready else b""
            if not chunk:
                raise TimeoutError("Chromium does not answer")
            self._received += chunk
        content, _, self._received = self._received.partition(b"\0")
        message: dict[str, Any] = json.loads(content)
        if "method" in message:
            self._events.append(message)
            self._note(message["method"], message["params"])
        return message

    def _note(self, event: str, details: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            exception = details["exceptionDetails"]
            described = exception.get("exception", {}).get("description", "")
            self.problems.append(f"{exception['text']} {described}")
        elif event == "Runtime.consoleAPICalled" and details["type"] in ("error", "warning"):
            self.problems.append(str(details["args"]))
        elif event == "Log.entryAdded":
            self.problems.append(str(details["entry"]))
        elif event == "Network.requestWillBeSent":
            self.requests.append(details["request"]["url"])

    # -- what a reader does

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file, at a fragment of it if one is given."""
        self.visit("about:blank")  # or else only the fragment would change
        self.visit(path.as_uri() + fragment)

    def visit(self, url: str) -> None:
        """Open an address."""
        self.send("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def wait_until(self, condition: str, *, in_frame: bool = False) -> None:
        """Wait until a JavaScript expression holds in the page, or in its frame."""
        until = time.monotonic() + PATIENCE
        while not (self.run_in_frame if in_frame else self.run)(condition):
            if time.monotonic() > until:
                raise TimeoutError(f"it does not come true that {condition}")
            time.sleep(0.05)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def run_in_frame(self, script: str) -> Any:
        """The value of an expression in the frame that is shut off; None if there is no frame."""
        page, self._session = self._session, None
        try:
            targets = self.send("Target.getTargets")["targetInfos"]
            frame = next((each for each in targets if each["type"] == "iframe"), None)
            if frame is None:
                return None
            answer = self.send("Target.attachToTarget", targetId=frame["targetId"], flatten=True)
            self._session = answer["sessionId"]
            return self.run(script)
        finally:
            self._session = page

    def text(self, selector: str) -> str:
        """What an element says."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).textContent"))

    def texts(self, selector: str) -> list[str]:
        """What all elements say that match."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        return list(self.run(f"{found}.map((element) => element.textContent)"))

    def middle(self, selector: str, place: int = 0) -> tuple[float, float]:
        """Where the middle of an element is, scrolled into view."""
        x, y = self.run(
            "(() => { const element = document.querySelectorAll("
            f"{json.dumps(selector)})[{place}]; element.scrollIntoView({{block: 'nearest'}});"
            "const box = element.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        return x, y

    def click(self, selector: str, place: int = 0) -> None:
        """Press and release the mouse on an element."""
        x, y = self.middle(selector, place)
        for kind in ("mousePressed", "mouseReleased"):
            self._mouse(kind, x, y)

    def drag(self, selector: str, place: int, by: float) -> None:
        """Drag an element to the right with the mouse."""
        x, y = self.middle(selector, place)
        self._mouse("mousePressed", x, y)
        for part in (0.5, 1.0):
            self._mouse("mouseMoved", x + by * part, y)
        self._mouse("mouseReleased", x + by, y)

    def touch_drag(self, selector: str, place: int, by: float) -> None:
        """Drag an element to the right with a finger."""
        x, y = self.middle(selector, place)
        self._touch("touchStart", [{"x": x, "y": y}])
        for part in (0.25, 0.5, 0.75, 1.0):
            self._touch("touchMove", [{"x": x + by * part, "y": y}])
        self._touch("touchEnd", [])

    def tap(self, selector: str) -> None:
        """Touch an element with a finger."""
        x, y = self.middle(selector)
        self._touch("touchStart", [{"x": x, "y": y}])
        self._touch("touchEnd", [])

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key that writes nothing."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=KEYS[key],
                modifiers=modifiers,
            )

    def type_into(self, selector: str, place: int, text: str) -> None:
        """Replace what stands in a field."""
        self.run(f"document.querySelectorAll({json.dumps(selector)})[{place}].select()")
        self.send("Input.insertText", text=text)

    def _mouse(self, kind: str, x: float, y: float) -> None:
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _touch(self, kind: str, points: list[dict[str, float]]) -> None:
        self.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    # -- the reader's circumstances

    def prefer(self, **features: str) -> None:
        """What the reader likes: `prefer(prefers_color_scheme="dark")`."""
        listed = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.send("Emulation.setEmulatedMedia", features=listed)

    @contextmanager
    def window(self, width: int, height: int, scale: float = 1.0) -> Iterator[None]:
        """A window of another size."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        try:
            yield
        finally:
            self.send("Emulation.clearDeviceMetricsOverride")

    def screenshot(self) -> bytes:
        """The window as a PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot")["data"])
