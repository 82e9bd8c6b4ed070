# SPDX-License-Identifier: Apache-2.0
"""Controls a page of headless Chromium with the DevTools protocol."""

import base64
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

from websockets.sync.client import connect

TIMEOUT = 15
KEY_CODES = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40}


class Page:
    """A page of a browser, and the events that it has sent."""

    def __init__(self, address, report, screenshots=""):
        self.socket = connect(address, max_size=None)
        self.report = report
        self.screenshots = screenshots
        self.last_id = 0
        self.events = []

    def call(self, method, **parameters):
        """Calls a method of the DevTools protocol, and returns its result."""
        self.last_id += 1
        self.socket.send(json.dumps({"id": self.last_id, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=TIMEOUT * 2))
            if message.get("id") == self.last_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def run(self, script):
        """Evaluates a script, and returns its value."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True,
                           userGesture=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def try_run(self, script):
        """Evaluates a script, and returns `None` if the page is navigating."""
        with contextlib.suppress(RuntimeError):
            return self.run(script)

    def wait(self, name, script):
        """Waits until a script returns a truthy value, and reports a timeout as a failure."""
        deadline = time.monotonic() + TIMEOUT
        while not (value := self.try_run(f"(() => {{ try {{ return {script} }} catch {{ return false }} }})()")):
            if time.monotonic() > deadline:
                self.report.check(name, False, "timed out")
                return None
            time.sleep(0.05)
        self.report.check(name, True)
        return value

    def navigate(self, url):
        self.call("Page.navigate", url=url)

    def key(self, key):
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = KEY_CODES.get(key, ord(key[0].upper()) if len(key) == 1 else 0)
        common = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)

    def settle(self):
        """Waits until the page has drawn its changes. If the page navigates, waits for the next page."""
        script = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true))))"
        deadline = time.monotonic() + TIMEOUT
        while not self.try_run(f"new Promise((done) => {script})"):
            if time.monotonic() > deadline:
                raise RuntimeError("the page does not draw its changes")
            time.sleep(0.05)

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.settle()

    def media(self, name, value):
        self.call("Emulation.setEmulatedMedia", features=[{"name": name, "value": value}])
        self.settle()

    def scheme(self, scheme):
        self.media("prefers-color-scheme", scheme)

    def screenshot(self, name):
        if not self.screenshots:
            return
        self.run("document.getElementById('toast')?.classList.remove('shown')")
        time.sleep(0.3)
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(self.screenshots, f"{name}.png").write_bytes(base64.b64decode(data))


def arguments(executable, profile):
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        executable, *sandbox, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}",
        "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-sync",
        "--disable-component-update", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "about:blank",
    ]


def debugging_port(process, profile, log):
    """Waits until Chromium has written the port of its debugger, and returns it."""
    file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text().count("\n")):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit("browser: Chromium did not start:\n" + log.read_text()[-2000:])
        time.sleep(0.05)
    return file.read_text().split("\n")[0]


@contextlib.contextmanager
def browser(executable, folder, report, screenshots=""):
    """Starts Chromium with a new profile, and yields its page."""
    profile, log = folder / "profile", folder / "chromium.log"
    with open(log, "wb") as file:
        process = subprocess.Popen(arguments(executable, profile), stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        port = debugging_port(process, profile, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=TIMEOUT) as response:
            target = next(entry for entry in json.load(response) if entry["type"] == "page")
        yield Page(target["webSocketDebuggerUrl"], report, screenshots)
    finally:
        process.terminate()
        process.wait(timeout=30)
