# SPDX-License-Identifier: Apache-2.0
"""Checks the page for operators in a real browser. scripts/browser starts this program and sets its environment."""

import os
import pathlib
import sys

from chromium import browser
from report import Report
from scripts import LOW_CONTRAST, RECORD_VIOLATIONS, TOO_WIDE
from service import Service

report = Report()
check = report.check

TEXT = "document.body.innerText"
NOTICE = "document.querySelector('.notice')?.textContent ?? ''"
UNLABELLED = """
[...document.querySelectorAll("input, select, button, a, section, [tabindex]")]
  .filter((element) => element.checkVisibility())
  .filter((element) => !(element.labels?.length || element.textContent.trim() || element.ariaLabel))
  .map((element) => element.outerHTML.slice(0, 80))
"""
# Tables can be wider than a narrow screen, because they scroll.
OUTSIDE_TABLES = TOO_WIDE.replace("svg", "svg, .scroll")
# Controls that are less than 24 pixels high, the minimum of WCAG 2.2 level AA.
TOO_SMALL = """
[...document.querySelectorAll("input, select, button, nav a, summary")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 24)
  .map((element) => element.outerHTML.slice(0, 80))
"""


class Operator:
    """A person at the page."""

    def __init__(self, page, service):
        self.page, self.service = page, service

    def open(self, path="", condition="true"):
        self.page.navigate("about:blank")
        self.page.navigate(f"{self.service.admin}{path}")
        return self.page.wait(f"the page {path or '/'} opens", f"document.readyState === 'complete' && document.querySelector('h1') && ({condition})")

    def submit(self, action, name, condition, button="button", **fields):
        """Fills a form, presses a button, and waits for a condition on the next page."""
        form = f"form[action=\"/admin/{action}\"]"
        for field, value in fields.items():
            self.page.run(f"document.querySelector('{form} [name={field}]').value = {value!r}")
        self.page.run("document.documentElement.dataset.old = ''")
        self.page.try_run(f"document.querySelector('{form} {button}').click()")
        return self.page.wait(name, f"document.readyState === 'complete' && !('old' in document.documentElement.dataset) && ({condition})")


def check_appearance(page, name):
    """Checks both colour schemes at both widths, and takes a screenshot of each combination."""
    for width, height in [(1280, 900), (360, 780)]:
        # The screenshot shows the whole page.
        page.size(width, height, mobile=width < 800)
        full = page.run("document.documentElement.scrollHeight")
        page.size(width, max(height, full), mobile=width < 800)
        for scheme in ["dark", "light"]:
            page.scheme(scheme)
            report.check_empty(f"{name}: texts have enough contrast, {scheme}, {width} pixels", page.run(LOW_CONTRAST))
            page.screenshot(f"admin-{name}-{'phone' if width < 800 else 'desktop'}{'-dark' if scheme == 'dark' else ''}")
        report.check_empty(f"{name}: everything fits {width} pixels", page.run(OUTSIDE_TABLES))
        report.check_empty(f"{name}: controls are large enough at {width} pixels", page.run(TOO_SMALL))
    report.check_empty(f"{name}: every control has a name", page.run(UNLABELLED))
    page.size(1280, 900)


def check_sign_in(page, service):
    operator = Operator(page, service)
    operator.open()
    check("the key has the focus", page.run("document.activeElement.id") == "key")
    check_appearance(page, "sign-in")
    operator.submit("sign-in", "a wrong key is refused", f"({NOTICE}).includes('missing or invalid')", key="ak1.alice.wrong")
    page.screenshot("admin-sign-in-refused")
    operator.submit("sign-in", "a key without the scope is refused", f"({NOTICE}).includes('no permission')", key=service.key)
    page.run("document.getElementById('key').focus()")
    page.type(service.admin_key)
    page.key("Enter")
    page.wait("the admin key signs in", "document.querySelector('h1')?.textContent === 'Overview'")
    storage = page.run("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    check("scripts see no cookie, and nothing is stored", storage == "{}{}", storage)
    cookies = page.call("Network.getCookies", urls=[service.admin])["cookies"]
    check("the cookie is HttpOnly, strict, and ends with the browser",
          [(cookie["httpOnly"], cookie["sameSite"], cookie["session"]) for cookie in cookies] == [(True, "Strict", True)], str(cookies))
    check("the page does not contain the key", service.admin_key not in page.run("document.documentElement.outerHTML"))


def check_empty_state(page, service):
    Operator(page, service).open(condition=f"{TEXT}.includes('Nothing was sent')")
    check_appearance(page, "empty")


def fill(page, service):
    """Sends messages on four days, with an attack on the last one."""
    operator = Operator(page, service)
    total = 0
    for day in range(4):
        for index in range(10 + 4 * day):
            number = [f"+65912{day}{index:02}{index:02}", f"+6012{day}5{index:02}{index:02}", f"+447400{day}{index:02}{index:03}"][index % 3]
            service.send(number, f"10.{day}.{index}.1", verify=index % 4 != 3)
        if day == 3:
            for index in range(24):
                service.send(f"+3361234{index:04}", f"203.0.{index}.1", verify=False)
        # Every 10 seconds, a process adds its counts to the report of the current day. The clock of Redis determines the day.
        for _ in range(3):
            operator.open("?days=7")
            sent = page.run("[...document.querySelectorAll('.tile')].map((tile) => tile.querySelector('.value').textContent)")[0]
            if int(sent.replace(",", "")) > total:
                total = int(sent.replace(",", ""))
                break
            page.run("new Promise((done) => setTimeout(done, 11000))")
        if day < 3:
            service.clock.advance(86_400)
    page.run("new Promise((done) => setTimeout(done, 11000))")


def check_overview(page, service):
    operator = Operator(page, service)
    operator.open("?days=7", f"{TEXT}.includes('Requests per day')")
    rows = page.run("[...document.querySelectorAll('[aria-labelledby=regions-title] tbody th')].map((cell) => cell.textContent)")
    check("the regions are listed", any("Singapore" in row for row in rows) and any("France" in row for row in rows), str(rows))
    check("the attack opened a breaker", page.run("!document.querySelector('[aria-labelledby=breakers-title] .empty')"))
    check("the bars have numbers", page.run("document.querySelectorAll('.plot g title').length") >= 4)
    page.run("document.querySelector('summary').click()")
    check("the numbers of the chart are a table", page.run("document.querySelectorAll('details[open] tbody tr').length") == 7)
    page.run("document.querySelector('summary').click()")
    check("the page names the origin of its figures", "all processes" in page.run(TEXT))
    check_appearance(page, "overview")
    operator.open("", f"{TEXT}.includes('Overview')")
    check_appearance(page, "today")


def check_lockdown(page, service):
    operator = Operator(page, service)
    operator.open()
    operator.submit("lockdown", "a lockdown starts", f"({TEXT}).includes('Lockdown is on.')", "button[value=on]", region="FR", seconds="3600")
    status = service.send("+33698765432", "198.51.100.7", verify=False)
    check("the lockdown refuses sends", status == 429, str(status))
    check_appearance(page, "lockdown")
    operator.submit("mode", "the mode of a rule is set", f"({TEXT}).includes('is now monitor')", rule="unverified-region", mode="monitor")
    page.screenshot("admin-mode")
    operator.submit("lockdown", "the lockdown ends", f"!({TEXT}).includes('Lockdown is on.')", "button[value=off]", region="FR")
    operator.submit("mode", "the mode of the policy is restored", f"({TEXT}).includes('as in the policy')", rule="unverified-region", mode="policy")


def check_look_up(page, service):
    operator = Operator(page, service)
    operator.open("/look-up")
    check_appearance(page, "look-up-empty")
    operator.submit("look-up", "another text is refused", f"({NOTICE}).includes('neither a phone number')", subject="<b>nonsense</b>")
    service.send("+6591111111", "192.0.2.1", verify=False)
    operator.submit("look-up", "a number is explained", f"({TEXT}).includes('Limits of the number')", subject="+65 9111 1111")
    check("the number is masked", "91111111" not in page.run("document.documentElement.outerHTML") + page.run("location.href"))
    check_appearance(page, "number")
    operator.submit("unlock", "the number is unlocked", f"({NOTICE}).includes('deleted')")
    operator.submit("revoke", "the devices are revoked", f"({NOTICE}).includes('revoked')")
    page.screenshot("admin-number-unlocked")
    events = service.audit("unlock")
    check("the event names the API key", events and events[-1].get("operator") == "api-key:alice", str(events))
    decision = service.audit("decision")[-1]["decision"]
    operator.submit("look-up", "a decision is explained", f"({TEXT}).includes('decision')", subject=decision)
    check_appearance(page, "decision")


def check_keyboard(page, service):
    Operator(page, service).open()
    page.run("document.activeElement.blur()")
    order = []
    for _ in range(7):
        page.key("Tab")
        order.append(page.run("document.activeElement.textContent.trim().slice(0, 16)"))
    check("the tab key follows the page", order == ["Skip to content", "Overview", "Look up", "Sign out", "Today", "7 days", "30 days"], str(order))


def check_end(page, service):
    operator = Operator(page, service)
    operator.open()
    operator.submit("sign-out", "the operator signs out", "document.querySelector('h1')?.textContent === 'Sign in'")
    operator.open("?days=7", "document.querySelector('h1')?.textContent === 'Sign in'")
    report.check_empty("nothing violates the content security policy", [
        event["params"] for event in page.events
        if event["method"] == "Audits.issueAdded" and "ContentSecurityPolicy" in event["params"]["issue"]["code"]])
    check("the page has no scripts", page.run("document.scripts.length") == 0)


def main():
    folder = pathlib.Path(os.environ["BROWSER_FOLDER"])
    service = Service(folder)
    try:
        with browser(os.environ["BROWSER_CHROMIUM"], folder, report, os.environ["BROWSER_SCREENSHOTS"]) as page:
            for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
                page.call(f"{domain}.enable")
            page.call("Page.addScriptToEvaluateOnNewDocument", source=RECORD_VIOLATIONS)
            page.call("Emulation.setFocusEmulationEnabled", enabled=True)
            page.size(1280, 900)
            page.scheme("light")
            check_sign_in(page, service)
            check_empty_state(page, service)
            fill(page, service)
            check_overview(page, service)
            check_lockdown(page, service)
            check_look_up(page, service)
            check_keyboard(page, service)
            check_end(page, service)
    finally:
        service.stop()
    print(f"browser: {report.count} checks of the page of operators, {len(report.failures)} failed")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
