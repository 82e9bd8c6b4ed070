# SPDX-License-Identifier: Apache-2.0
"""Checks of deletion, of reconnection, and of the errors that the browser has reported."""

import json

from scripts import FIRST_ROW, HOLD_LISTS, IS_LIVE, ROWS, STATE, TOO_WIDE


def check_clearing(page, emulator, report):
    page.key("1")
    page.key("d")
    report.check("d asks for confirmation", page.run("document.querySelector('#confirm[open]') !== null"))
    page.key("Escape")
    report.check("Escape keeps the messages", page.run(ROWS) == 5)
    emulator.delete(page.run(f"{FIRST_ROW}.dataset.id"))
    page.wait("a message that another client deletes disappears", f"{ROWS} === 4")
    page.key("d")
    page.key("Enter")
    page.wait("d and Enter clear the inbox", f"{ROWS} === 0 && document.querySelector('.empty') !== null")
    page.size(360, 740, mobile=True)
    report.check_empty("the empty inbox fits 360 pixels", page.run(TOO_WIDE))
    page.screenshot("narrow-empty")
    page.size(1280, 800)
    report.check("the page was never reloaded", page.run("window.marker") == "not reloaded")


def is_complaint(event):
    """Returns whether an event is an exception or an error message."""
    method, parameters = event.get("method"), event.get("params", {})
    return (method == "Runtime.exceptionThrown"
            or (method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"))
            or (method == "Log.entryAdded" and parameters["entry"]["level"] == "error"))


def check_browser_messages(page, emulator, report):
    """Checks the messages of the browser. Must run before the emulator stops, because a lost connection logs errors."""
    # Receives the events that Chromium has sent.
    page.run("1")
    events = page.events
    requests = [event["params"]["request"]["url"] for event in events if event.get("method") == "Network.requestWillBeSent"]
    allowed = (emulator.url + "/", "data:")
    report.check_empty("no request goes to another origin", [url for url in requests if not url.startswith(allowed)])
    modules = {url.rsplit("/", 1)[1] for url in requests if "/page/" in url}
    report.check("scripts are loaded as modules", {"page.js", "view.js"} <= modules, str(modules))
    report.check_empty("the console has no errors", [json.dumps(event)[:300] for event in events if is_complaint(event)])
    issues = [event["params"]["issue"]["code"] for event in events if event.get("method") == "Audits.issueAdded"]
    report.check("the content security policy is not violated",
                 page.run("violations.length") == 0 and "ContentSecurityPolicyIssue" not in issues, str(issues))
    report.check("no script opened a dialog",
                 not any(event.get("method") == "Page.javascriptDialogOpening" for event in events))


def check_reconnection(page, emulator, report):
    """Restarts the emulator twice, and returns the last one."""
    emulator.stop()
    page.wait("a lost connection is shown", f"{STATE} === 'lost'")
    emulator = emulator.restart()
    emulator.send("6591234567", "Your code is 550011")
    page.wait("the page reconnects and loads missed messages", f"{IS_LIVE} && {ROWS} === 1")
    # A message that arrives while the lists are loading is newer than the lists.
    page.run(HOLD_LISTS)
    emulator = emulator.restart()
    # A `reset` event loads the lists again.
    page.wait("the lists are loading", "window.heldResponses >= 2")
    emulator.send("6591234567", "Your code is 550012")
    page.wait("a message appears while the lists are loading", f"{FIRST_ROW}?.innerText.includes('550012')")
    page.run("openGate()")
    page.wait("the lists are loaded", IS_LIVE)
    page.settle()
    report.check("a message that arrived while the lists were loading is kept",
                 page.run(f"{ROWS} === 1 && {FIRST_ROW}.innerText.includes('550012')"))
    return emulator
