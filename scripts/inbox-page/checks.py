# SPDX-License-Identifier: Apache-2.0
"""Checks the inbox page in a real browser. scripts/browser starts this program and sets its environment."""

import os
import pathlib
import secrets
import subprocess
import sys
import time

import list_checks
import session_checks
from chromium import browser
from emulator import Emulator, key_environment
from report import Report
from scripts import IS_LIVE, LOW_CONTRAST, HAS_NO_MOTION, RECORD_VIOLATIONS, ROWS, TOO_WIDE

report = Report()
check = report.check


def open_page(page, url):
    for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
        page.call(f"{domain}.enable")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=RECORD_VIOLATIONS)
    page.call("Emulation.setFocusEmulationEnabled", enabled=True)
    page.call("Browser.grantPermissions", origin=url, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.size(1280, 800)
    page.scheme("light")
    page.navigate(f"{url}/")


def check_empty_inbox(page, emulator):
    page.wait("the page reports that it is connected", IS_LIVE)
    page.run("window.marker = 'not reloaded'")
    banner = page.run("document.querySelector('.banner').textContent")
    check("the banner states that no SMS is sent", "no SMS is sent" in banner, banner)
    check("an empty inbox shows its address", emulator.url in page.run("document.querySelector('.empty').textContent"))
    page.screenshot("empty")
    commands = page.run("document.querySelector('[data-snippet=curl] pre').textContent")
    shell = subprocess.run(["bash", "-c", commands], env=key_environment(), capture_output=True, text=True, timeout=60)
    check("the commands of an empty inbox send a message", '"ResponseCode":"OK"' in shell.stdout,
          shell.stdout + shell.stderr)
    page.wait("the message of the commands appears", f"{ROWS} === 1")


def check_failed_requests(page, emulator):
    failed_count = "document.getElementById('failed-count').textContent"
    response = emulator.send("6591234567", "Your code is 771204 *now*", plus_for_space=True)
    text = str(response)
    check("a wrong signature is rejected", response.get("Code") == "SignatureDoesNotMatch", text)
    check("the response names the mistake", "+" in response.get("Message", "") and "%20" in text, text)
    check("the response contains neither number nor text", "771204" not in text and "6591234567" not in text)
    page.wait("a failed request is counted", f"{failed_count} === '1 failed'")
    page.key("2")
    page.key("j")
    cause = page.run("document.querySelector('#list .row .cause')?.textContent")
    check("the list names the mistake", cause and cause[:-1].lower() in text.lower(), str(cause))
    page.wait("the signed texts are compared", "document.querySelectorAll('.sides:not(.single)').length === 3")
    marks = page.run("[...document.querySelectorAll('.side mark')].map((mark) => mark.textContent)")
    check("the first difference is marked", len(marks) == 6 and any("%20" in mark for mark in marks)
          and any("+" in mark for mark in marks), str(marks))
    page.screenshot("wrong-signature")
    page.scheme("dark")
    page.screenshot("dark-wrong-signature")
    page.scheme("light")
    response = emulator.send("8613800000000", "Your code is 1234")
    check("a rejection by the SMS service has a code", response.get("ResponseCode") == "NOT_SUPPORTED_COUNTRY",
          str(response))
    page.wait("a rejection by the SMS service is counted", f"{failed_count} === '2 failed'")
    page.screenshot("requests")


def check_appearance(page):
    page.key("1")
    page.run("[...document.querySelectorAll('#list .row')].find((row) => row.textContent.includes('valid for'))"
             ".querySelector('.open').click()")
    page.wait("the details of a message contain its request", "document.querySelector('.verdict.good') !== null")
    page.run("document.activeElement.blur()")
    page.screenshot("message")
    for scheme in ["light", "dark"]:
        page.scheme(scheme)
        for tab in "12":
            page.key(tab)
            page.key("j")
            page.settle()
            report.check_empty(f"all texts have enough contrast on tab {tab}, {scheme}", page.run(LOW_CONTRAST))
    page.screenshot("dark-request")
    background = page.run("getComputedStyle(document.body).backgroundColor")
    check("the dark scheme is dark", sum(int(part) for part in background[4:-1].split(",")) < 150, background)
    page.key("1")
    page.settle()
    page.screenshot("dark")
    page.media("prefers-reduced-motion", "reduce")
    check("nothing moves if the user prefers reduced motion", page.run(HAS_NO_MOTION))
    page.scheme("light")


def check_narrow_page(page):
    page.size(360, 740, mobile=True)
    page.key("1")
    page.key("Escape")
    report.check_empty("the list fits 360 pixels", page.run(TOO_WIDE))
    page.screenshot("narrow-list")
    for tab in "12":
        page.key(tab)
        page.run("document.querySelector('#list .row .open').click()")
        page.wait(f"a narrow page shows details on tab {tab}", "document.querySelector('.card .text') !== null")
        page.settle()
        report.check_empty(f"the details fit 360 pixels on tab {tab}", page.run(TOO_WIDE))
        check(f"the details replace the list on tab {tab}", page.run("!document.querySelector('.list').checkVisibility()"))
        page.screenshot(f"narrow-detail-{tab}")
        page.run("document.querySelector('.back').click()")
        page.settle()
        check(f"the back button shows the list on tab {tab}", page.run("document.querySelector('.list').checkVisibility()"))
    page.size(1280, 800)


def check_sign_in(page):
    token = secrets.token_hex(16)
    emulator = Emulator(0, "--host", "0.0.0.0", OTP_INBOX_TOKEN=token)
    try:
        emulator.send("6591234567", "Your code is 864209")
        page.navigate(f"{emulator.url}/")
        page.wait("an emulator on all interfaces asks for its token", "document.querySelector('form input') !== null")
        page.screenshot("sign-in")
        for text in ["a-token-that-is-wrong", token]:
            page.run("document.querySelector('input').focus()")
            page.type(text)
            # Submitting navigates away, so it must not run before this script returns.
            page.run("setTimeout(() => document.querySelector('form').requestSubmit())")
            if text != token:
                page.wait("a wrong token is rejected", "document.querySelector('[role=alert]') !== null")
        page.wait("the token opens the inbox", f"{ROWS} === 1 && {IS_LIVE}")
        check("the URL does not contain the token", token not in page.run("location.href"))
    finally:
        emulator.stop()


def check_page(page, emulator):
    """Runs all checks, and returns the emulator that is running at the end."""
    open_page(page, emulator.url)
    check_empty_inbox(page, emulator)
    list_checks.check_messages(page, emulator, report)
    list_checks.check_rows(page, report)
    list_checks.check_namespaces(page, emulator, report)
    list_checks.check_keys(page, report)
    page.screenshot("list")
    check_failed_requests(page, emulator)
    check_appearance(page)
    check_narrow_page(page)
    session_checks.check_clearing(page, emulator, report)
    session_checks.check_browser_messages(page, emulator, report)
    emulator = session_checks.check_reconnection(page, emulator, report)
    check_sign_in(page)
    return emulator


def main():
    start = time.monotonic()
    folder = pathlib.Path(os.environ["BROWSER_FOLDER"])
    emulator = Emulator()
    try:
        with browser(os.environ["BROWSER_CHROMIUM"], folder, report, os.environ["BROWSER_SCREENSHOTS"]) as page:
            emulator = check_page(page, emulator)
    except (RuntimeError, TimeoutError, OSError) as error:
        check("all checks ran", False, str(error)[:400])
    finally:
        emulator.stop()
    print(f"browser: {report.count} checks, {len(report.failures)} failed, in {time.monotonic() - start:.0f} s")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
