# SPDX-License-Identifier: Apache-2.0
"""Takes the screenshots for the documents. scripts/browser --images starts this program and sets its environment."""

import os
import pathlib
import sys

from checks import open_page
from chromium import browser
from emulator import Emulator
from report import Report
from scripts import IS_LIVE

MESSAGES = [
    ("447700900123", "Acme verification code 048213 to sign in. Valid for 5 minutes. Never share it.", "Acme", "OTP"),
    ("33612345678", "Votre commande nº 2041 est arrivée au point de retrait.", "Boutique", "NOTIFY"),
    ("85251234567", "【网店】验证码903114，用于登录，5分钟内有效。请勿告诉他人，工作人员绝不会索要。", "Shop", "OTP"),
    ("6591234567", "Acme verification code 482913 to register. Valid for 5 minutes. Never share it.", "Acme", "OTP"),
    ("4915112345678", "Acme: Ihr Code zur Anmeldung lautet 730264. 5 Minuten gültig.", "Acme", "OTP"),
]
ALL_DELIVERED = ("[...document.querySelectorAll('#list .status')].filter("
                 f"(status) => status.textContent === 'Delivered').length === {len(MESSAGES)}")
SELECTED_MESSAGE = ("[...document.querySelectorAll('#list .row')].find((row) => row.textContent.includes('to register'))"
                    ".querySelector('.open').click()")


def take_images(page, emulator):
    open_page(page, emulator.url)
    page.wait("the page is connected", IS_LIVE)
    for to, text, sender, kind in MESSAGES:
        emulator.send(to, text, From=sender, Type=kind)
    page.wait("all messages are delivered", ALL_DELIVERED)
    page.run(SELECTED_MESSAGE)
    page.wait("the details contain the request", "document.querySelector('.verdict.good') !== null")
    page.run("document.activeElement.blur()")
    page.screenshot("inbox-message")
    emulator.send("6591234567", "Your code is 771204 *now*", plus_for_space=True)
    page.key("2")
    page.key("j")
    page.wait("the signed texts are compared", "document.querySelectorAll('.sides:not(.single)').length === 3")
    page.scheme("dark")
    page.screenshot("inbox-signature")


def main():
    report = Report()
    emulator = Emulator()
    try:
        folder = pathlib.Path(os.environ["BROWSER_FOLDER"])
        with browser(os.environ["BROWSER_CHROMIUM"], folder, report, os.environ["BROWSER_SCREENSHOTS"]) as page:
            take_images(page, emulator)
    finally:
        emulator.stop()
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
