# SPDX-License-Identifier: Apache-2.0
"""Checks the registration page in a real browser. scripts/browser starts this program and sets its environment."""

import os
import pathlib
import signal
import sys

from chromium import browser
from demo import Demo
from report import Report
from scripts import LOW_CONTRAST, RECORD_VIOLATIONS, TOO_WIDE

report = Report()
check = report.check

TITLE = "document.querySelector('h1')?.textContent"
NOTICE = "document.getElementById('notice')?.textContent ?? ''"
IS_READY = "document.documentElement.classList.contains('live')"
FOCUS = "document.activeElement.id || document.activeElement.tagName"
UNLABELLED = """
[...document.querySelectorAll("input:not([type=hidden]), select, button, a, section")]
  .filter((element) => element.checkVisibility())
  .filter((element) => !(element.labels?.length || element.textContent.trim() || element.ariaLabel))
  .map((element) => element.outerHTML.slice(0, 80))
"""
# Controls that are less than 24 pixels high, the minimum of WCAG 2.2 level AA, except for links in a text.
TOO_SMALL = """
[...document.querySelectorAll("#card input:not([type=hidden]), #card select, #card button, .languages a")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 24)
  .map((element) => element.outerHTML.slice(0, 80))
"""


class Visitor:
    """A person at the page."""

    def __init__(self, page, demo):
        self.page, self.demo = page, demo

    def open(self, language="en", scripts=True):
        """Opens the page without a cookie."""
        self.page.call("Network.clearBrowserCookies")
        self.page.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": {"en": "en-SG", "zh": "zh-CN"}[language]})
        self.page.navigate("about:blank")
        self.page.navigate(self.demo.url)
        self.page.wait(f"the page opens ({language}, {'with' if scripts else 'without'} scripts)",
                       f"{TITLE} && document.readyState === 'complete'" + (f" && {IS_READY}" if scripts else ""))

    def fill(self, field, text):
        self.page.run(f"document.getElementById({field!r}).focus(); document.getElementById({field!r}).select?.()")
        self.page.type(text)

    def select(self, region):
        self.page.run(f"document.getElementById('region').value = {region!r}")

    def press(self, form, name, condition):
        """Presses the button of a form, and waits for a condition on the next page.

        The clock of Redis moves, but the clock of the page does not, so a countdown must not disable the button.
        """
        old = self.page.run("document.getElementById('card').dataset.form")
        # Without scripts, the page runs no timers. Submitting may navigate away before the script returns.
        self.page.try_run(f"(() => {{ const button = document.querySelector('form[action=\"/demo/{form}\"] button');"
                          " button.disabled = false; button.click(); })()")
        return self.page.wait(name, f"document.readyState === 'complete' && document.getElementById('card').dataset.form !== {old!r}"
                              f" && ({condition})")

    def enter(self, number, region="SG"):
        self.select(region)
        self.fill("number", number)
        return self.press("number", f"the number {number} is submitted", "true")

    def submit(self, code, condition, name):
        self.fill("code", code)
        return self.press("code", name, condition)

    def create_codes(self, title="Save your recovery codes"):
        """Creates recovery codes, and returns them."""
        self.press("recovery-codes", "recovery codes are created", f"{TITLE} === {title!r}")
        return self.page.run("[...document.querySelectorAll('.codes code')].map((code) => code.textContent)")

    def recover(self, number, code, condition, name):
        self.select("SG")
        self.fill("number", number)
        self.fill("recovery", code)
        return self.press("recover", name, condition)


def wrong(code):
    return code[:-1] + ("1" if code.endswith("0") else "0")


def check_appearance(page, name):
    """Checks both colour schemes at both widths, and takes a screenshot of each combination."""
    for width, height in [(1280, 840), (360, 740)]:
        page.size(width, height, mobile=width < 800)
        for scheme in ["dark", "light"]:
            page.scheme(scheme)
            report.check_empty(f"{name}: texts have enough contrast, {scheme}, {width} pixels", page.run(LOW_CONTRAST))
            page.screenshot(f"demo-{name}-{'phone' if width < 800 else 'desktop'}{'-dark' if scheme == 'dark' else ''}")
        report.check_empty(f"{name}: everything fits {width} pixels", page.run(TOO_WIDE))
        report.check_empty(f"{name}: controls are large enough at {width} pixels", page.run(TOO_SMALL))
    report.check_empty(f"{name}: every control has a name", page.run(UNLABELLED))
    page.size(1280, 840)


def check_registration(page, demo):
    visitor = Visitor(page, demo)
    visitor.open()
    page.run("window.marker = 'not reloaded'")
    check("the number has the focus", page.run(FOCUS) == "number")
    check_appearance(page, "number")
    visitor.enter("123")
    check("a short number is explained", "too short" in page.run(NOTICE), page.run(NOTICE))
    check("the explanation describes the input", page.run("document.getElementById('number').getAttribute('aria-describedby')")
          == "notice" and page.run(FOCUS) == "number")
    page.screenshot("demo-refusal-short-number")
    visitor.enter("9123 4567")
    check("the page asks for the code", page.run(TITLE) == "Enter the code", page.run(TITLE))
    check("the code has the focus", page.run(FOCUS) == "code")
    page.wait("the message is shown next to the form", "document.querySelectorAll('.bubble').length === 1")
    check_appearance(page, "code")
    check_countdown(page)
    code = demo.code("+6591234567")
    check("the page shows the code of the inbox", page.run("document.querySelector('mark').textContent") == code)
    visitor.submit("12", "true", "an incomplete code is submitted")
    check("an incomplete code does not count", "does not count" in page.run(NOTICE), page.run(NOTICE))
    visitor.submit(wrong(code), f"({NOTICE}).includes('not right')", "a wrong code is refused")
    check("the attempts left are shown", "4 attempts left" in page.run("document.getElementById('state').textContent"))
    check("the wrong code is marked", page.run("document.getElementById('code').getAttribute('aria-invalid')") == "true"
          and page.run(FOCUS) == "code")
    check_appearance(page, "wrong-code")
    page.run("document.querySelector('.use').click()")
    check("a click on the message enters its code", page.run("document.getElementById('code').value") == code)
    check("the focus moves to the button", "Verify" in page.run("document.activeElement.textContent"))
    page.key("Enter")
    page.wait("the right code registers the number", f"{TITLE} === 'Your account is ready'")
    check_appearance(page, "registered")
    check("the page was never reloaded", page.run("window.marker") == "not reloaded")


def check_countdown(page):
    wait = "document.querySelector('[data-resend] time').textContent"
    first = page.run(wait)
    check("the countdown starts below one minute", first == "1:00" or first.startswith("0:5"), first)
    check("the button is disabled during the countdown", page.run("document.querySelector('[data-resend]').disabled"))
    page.wait("the countdown counts down", f"{wait} < {first!r}")


def check_change(page, demo):
    visitor = Visitor(page, demo)
    visitor.press("change", "the visitor changes the number", f"{TITLE} === 'Change your number'")
    check_appearance(page, "change")
    visitor.enter("9876 5432")
    visitor.submit(demo.code("+6598765432"), f"({NOTICE}).includes('was changed')", "the code of the new number changes it")
    newest = demo.messages()[0]
    check("the old number is notified", newest["to"] == "+6591234567" and "ends in 32" in newest["text"], newest["text"])
    page.wait("the notification is shown next to the form", "document.querySelectorAll('.bubble').length === 3")
    check_appearance(page, "changed")


def check_recovery(page, demo):
    visitor = Visitor(page, demo)
    codes = visitor.create_codes()
    check("there are eight recovery codes", len(set(codes)) == 8)
    check("the focus moves to the heading of the codes", page.run(FOCUS) == "title", page.run(FOCUS))
    check_appearance(page, "recovery-codes")
    account = f"{TITLE} === 'Your account' && document.querySelector('.account').textContent.includes('8 of 8 left')"
    visitor.press("back", "the account shows how many codes are left", account)
    check("the codes are shown only once", codes[0] not in page.run("document.documentElement.innerHTML"))
    check_appearance(page, "account-with-codes")
    visitor.press("sign-out", "the visitor signs out", f"{TITLE} === 'Create your account'")
    visitor.press("recovery", "the first step leads to the recovery code", f"{TITLE} === 'Use a recovery code'")
    check_appearance(page, "recovery")
    refused = f"({NOTICE}).includes('do not match')"
    visitor.recover("9876 5432", "AAAAA-BBBBB-CCCCC", refused, "a wrong recovery code is refused")
    check("the wrong recovery code is marked", page.run(FOCUS) == "recovery"
          and page.run("document.getElementById('recovery').getAttribute('aria-invalid')") == "true")
    check_appearance(page, "recovery-refused")
    page.type(codes[0].lower().replace("-", " "))
    page.key("Enter")
    page.wait("the enter key submits the recovery code", f"{TITLE} === 'Welcome back'")
    check_appearance(page, "recovered")
    visitor.press("sign-out", "the visitor signs out again", f"{TITLE} === 'Create your account'")
    visitor.press("recovery", "the form for a recovery code opens again", f"{TITLE} === 'Use a recovery code'")
    for attempt in range(2, 6):
        condition = refused if attempt < 5 else f"({NOTICE}).includes('too many failed attempts')"
        visitor.recover("9876 5432", codes[0], condition, f"failed attempt {attempt} with a recovery code is refused")
    wait = page.run("document.querySelector('#notice time').textContent")
    check("the lock of the session has a wait", wait == "15:00" or wait.startswith("14:"), wait)
    check_appearance(page, "recovery-locked")


def check_other_message(page, demo):
    """Checks that a message from another source appears without a reload."""
    visitor = Visitor(page, demo)
    visitor.open()
    count = page.run("document.querySelectorAll('.bubble').length")
    script = ("fetch('/demo').then((reply) => reply.text()).then((text) => fetch('/demo/number', {method: 'POST', "
              "body: new URLSearchParams({form: text.match(/data-form=\"([^\"]*)/)[1], region: 'SG', number: '81234567'})}))")
    page.run(script + ".then((reply) => reply.status)")
    page.wait("a message of another request appears by itself", f"document.querySelectorAll('.bubble').length === {count} + 1")
    check("a screen reader announces it", "code" in page.run("document.getElementById('news').textContent"))


def check_lock(page, demo):
    visitor = Visitor(page, demo)
    visitor.open()
    visitor.enter("8222 3333")
    for code_count in [1, 2]:
        code = demo.code("+6582223333")
        for attempt in range(5):
            last = attempt == 4
            condition = "!document.getElementById('code')" if last else f"({NOTICE}).includes('not right')"
            visitor.submit(wrong(code), condition, f"wrong code {attempt + 1} of message {code_count} is refused")
        if code_count == 1:
            check("five wrong codes end the code", "too many wrong attempts" in page.run(NOTICE), page.run(NOTICE))
            check_appearance(page, "refusal-attempts")
            visitor.press("resend", "a new code before the end of the cooldown is refused", f"({NOTICE}).includes('just sent')")
            page.screenshot("demo-refusal-cooldown")
            demo.clock.advance(61)
            visitor.press("resend", "a new code is sent", "document.getElementById('code') !== null")
    demo.clock.advance(121)
    visitor.press("resend", "ten wrong codes lock the number", f"({NOTICE}).includes('too many wrong codes')")
    wait = page.run("document.querySelector('#notice time').textContent")
    check("the lock has a wait", wait.startswith("5") and wait.count(":") == 1, wait)
    page.screenshot("demo-refusal-locked")


def check_refusals(page, demo):
    visitor = Visitor(page, demo)
    visitor.open()
    visitor.enter("8333 4444")
    demo.clock.advance(301)
    visitor.submit("123456", f"({NOTICE}).includes('no longer valid')", "an expired code is refused")
    page.screenshot("demo-refusal-expired")
    for count in range(2, 6):
        visitor.press("resend", f"message {count} is sent", "document.getElementById('code') !== null")
        demo.clock.advance(601)
        visitor.press("resend", "an expired code is not sent again", f"({NOTICE}).includes('no longer valid')")
    visitor.press("resend", "the send limit refuses the sixth message", f"({NOTICE}).includes('too many codes')")
    page.screenshot("demo-refusal-send-limit")
    visitor.open()
    demo.set_faults({"rules": [
        {"match": {"to": "+658444*"}, "fault": {"kind": "reject", "code": "AMOUNT_NOT_ENOUGH"}},
        {"match": {"to": "+658445*"}, "fault": {"kind": "reject", "code": "SYSTEM_ERROR"}}]})
    visitor.enter("8445 5555")
    check("an unknown outcome leads to the code", "may be delayed" in page.run(NOTICE), page.run(NOTICE))
    page.screenshot("demo-refusal-delayed")
    visitor.open()
    visitor.enter("8444 5555")
    check("a rejection by the gateway is explained", "could not be sent" in page.run(NOTICE), page.run(NOTICE))
    page.screenshot("demo-refusal-gateway")


def check_human_check(page, demo):
    visitor = Visitor(page, demo)
    for region, number in [("GB", "7400 123456"), ("FR", "6 12 34 56 78"), ("US", "202 555 0123"), ("JP", "90 1234 5678")]:
        visitor.open()
        visitor.enter(number, region)
        if page.run(TITLE) == "One more step":
            break
    check("a fourth region needs a human check", page.run(TITLE) == "One more step", page.run(TITLE))
    check_appearance(page, "human-check")
    visitor.press("check", "the box is required", f"({NOTICE}).includes('tick the box')")
    page.key(" ")
    visitor.press("check", "the check leads to the code", f"{TITLE} === 'Enter the code'")


def check_keyboard(page, demo):
    visitor = Visitor(page, demo)
    visitor.open()
    order = []
    page.run("document.activeElement.blur(); document.querySelector('.languages a').focus()")
    for _ in range(5):
        order.append(page.run("document.activeElement.name || document.activeElement.className || document.activeElement.tagName"))
        page.key("Tab")
    check("the tab key follows the page", order[1:] == ["A", "region", "number", "primary"], str(order))
    visitor.fill("number", "8555 6666")
    page.key("Enter")
    page.wait("the enter key submits the number", f"{TITLE} === 'Enter the code'")
    page.type(demo.code("+6585556666"))
    page.key("Enter")
    page.wait("the enter key submits the code", f"{TITLE} === 'Your account is ready'")


def check_without_scripts(page, demo):
    visitor = Visitor(page, demo)
    visitor.open(scripts=False)
    check("scripts are off", not page.run(IS_READY))
    visitor.enter("8666 7777")
    check("without scripts, the page asks for the code", page.run(TITLE) == "Enter the code")
    visitor.press("resend", "without scripts, an early resend shows the wait", f"({NOTICE}).includes('just sent')")
    page.screenshot("demo-no-scripts")
    code = demo.code("+6586667777")
    visitor.submit(wrong(code), f"({NOTICE}).includes('not right')", "without scripts, a wrong code is refused")
    visitor.submit(code, f"{TITLE} === 'Your account is ready'", "without scripts, the right code registers the number")
    codes = visitor.create_codes()
    visitor.press("back", "without scripts, the account follows the codes", f"{TITLE} === 'Your account'")
    visitor.press("sign-out", "without scripts, the visitor signs out", f"{TITLE} === 'Create your account'")
    visitor.press("recovery", "without scripts, the form for a recovery code opens", f"{TITLE} === 'Use a recovery code'")
    visitor.recover("8666 7777", codes[7], f"{TITLE} === 'Welcome back'", "without scripts, a recovery code signs in")
    page.call("Emulation.setScriptExecutionDisabled", value=False)


def check_chinese(page, demo):
    visitor = Visitor(page, demo)
    visitor.open("zh")
    check("the page is in Chinese", page.run(TITLE) == "创建账号" and page.run("document.documentElement.lang") == "zh-Hans")
    check("the region follows the browser", page.run("document.getElementById('region').value") == "CN")
    check_appearance(page, "zh-number")
    visitor.enter("8777 8888")
    check("the message is in Chinese", "验证码" in demo.messages()[0]["text"])
    visitor.submit(wrong(demo.code("+6587778888")), f"({NOTICE}).includes('不正确')", "a wrong code is refused in Chinese")
    check_appearance(page, "zh-wrong-code")
    page.run("setTimeout(() => document.querySelector('.languages a[lang=en]').click())")
    page.wait("the switch changes the language", f"{TITLE} === 'Enter the code' && document.documentElement.lang === 'en'")


def check_chinese_recovery(page, demo):
    visitor = Visitor(page, demo)
    visitor.open("zh")
    visitor.enter("8700 1111")
    visitor.submit(demo.code("+6587001111"), f"{TITLE} === '账号已创建'", "the registration is in Chinese")
    check_appearance(page, "zh-registered")
    codes = visitor.create_codes("保存恢复码")
    check_appearance(page, "zh-recovery-codes")
    visitor.press("back", "the account is in Chinese", f"{TITLE} === '我的账号'")
    visitor.press("sign-out", "the visitor signs out in Chinese", f"{TITLE} === '创建账号'")
    visitor.press("recovery", "the form for a recovery code is in Chinese", f"{TITLE} === '使用恢复码'")
    visitor.recover("8700 1111", "AAAAA-BBBBB-CCCCC", f"({NOTICE}).includes('不匹配')", "the refusal is in Chinese")
    check_appearance(page, "zh-recovery-refused")
    visitor.recover("8700 1111", codes[1], f"{TITLE} === '欢迎回来'", "the sign-in with a recovery code is in Chinese")


def check_outage(page, demo):
    """Redis is stopped last, because nothing works afterwards."""
    visitor = Visitor(page, demo)
    visitor.open()
    process = demo.redis_process()
    check("the private Redis is found", process is not None)
    os.kill(process, signal.SIGSTOP)
    try:
        visitor.fill("number", "8888 9999")
        visitor.press("number", "an outage of Redis is explained", f"({NOTICE}).includes('not available')")
        page.screenshot("demo-refusal-redis")
    finally:
        os.kill(process, signal.SIGCONT)
    demo.stop()
    visitor.fill("number", "8888 9999")
    page.run("setTimeout(() => document.querySelector('form[action=\"/demo/number\"] button').click())")
    page.wait("the end of the demo is explained", "document.querySelector('.notice')?.textContent.includes('does not respond')")
    page.screenshot("demo-refusal-offline")


def check_policy(page):
    report.check_empty("nothing violates the content security policy", [
        event["params"] for event in page.events
        if event["method"] == "Audits.issueAdded" and "ContentSecurityPolicy" in event["params"]["issue"]["code"]])
    errors = [event["params"] for event in page.events if event["method"] == "Runtime.exceptionThrown"]
    report.check_empty("no script failed", errors)


def main():
    folder = pathlib.Path(os.environ["BROWSER_FOLDER"])
    demo = Demo(folder)
    try:
        with browser(os.environ["BROWSER_CHROMIUM"], folder, report, os.environ["BROWSER_SCREENSHOTS"]) as page:
            for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
                page.call(f"{domain}.enable")
            page.call("Page.addScriptToEvaluateOnNewDocument", source=RECORD_VIOLATIONS)
            page.call("Emulation.setFocusEmulationEnabled", enabled=True)
            page.size(1280, 840)
            page.scheme("light")
            check_registration(page, demo)
            check_change(page, demo)
            check_recovery(page, demo)
            check_other_message(page, demo)
            check_lock(page, demo)
            check_refusals(page, demo)
            check_human_check(page, demo)
            check_keyboard(page, demo)
            check_without_scripts(page, demo)
            check_chinese(page, demo)
            check_chinese_recovery(page, demo)
            check_outage(page, demo)
            check_policy(page)
    finally:
        demo.stop()
    print(f"browser: {report.count} checks of the registration page, {len(report.failures)} failed")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
