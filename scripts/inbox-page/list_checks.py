# SPDX-License-Identifier: Apache-2.0
"""Checks of the list: messages, layout, namespaces and keyboard shortcuts."""

from emulator import KEY_ID
from scripts import AMOUNTS, BROKEN_ROWS, FIRST_ROW, ROWS, SELECTED_ROW

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)> code 135790"


def check_messages(page, emulator, report):
    emulator.send("6591234567", "Your code is 482913. It is valid for 5 minutes.", From="swiftotp", Type="OTP")
    page.wait("a message appears without a reload", f"{ROWS} === 2 && window.marker === 'not reloaded'")
    check_first_row(page, report)
    emulator.send("447700900123", MARKUP)
    page.wait("a message with markup appears", f"{ROWS} === 3")
    report.check("the list shows markup as text", page.run("document.querySelector('#list .excerpt').textContent") == MARKUP)
    page.key("j")
    page.settle()
    report.check("the details show markup as text", page.run("document.querySelector('.bubble').textContent") == MARKUP)
    report.check("markup creates no elements", page.run("document.querySelectorAll('main script, main img').length") == 0)
    emulator.send("85251234567", "【网店】验证码 903114，5分钟内有效，请勿告诉他人。" * 4, From="Shop", Type="OTP")
    emulator.send("33612345678", "Votre commande nº 2041 est arrivée au point de retrait.", From="Boutique", Type="NOTIFY")
    page.wait("more messages appear", f"{ROWS} === 5")


def check_first_row(page, report):
    row = page.run(f"{FIRST_ROW}.innerText")
    report.check("the number is masked", "+65 •••• 67" in row and "6591234567" not in row, row)
    report.check("the region is shown", "SG" in row, row)
    page.run(f"{FIRST_ROW}.querySelector('.to').click()")
    page.settle()
    report.check("a click shows the number", "+6591234567" in page.run(f"{FIRST_ROW}.innerText"))
    page.run(f"{FIRST_ROW}.querySelector('.to').click()")
    page.run(f"{FIRST_ROW}.querySelector('.chip').click()")
    page.settle()
    report.check("a click copies the code", page.run("navigator.clipboard.readText()") == "482913")
    report.check("copying shows a notification", page.run("document.getElementById('toast').textContent") == "Code copied")


def check_rows(page, report):
    page.wait("messages are delivered", "[...document.querySelectorAll('#list .status')].every("
              "(status) => status.textContent === 'Delivered')")
    for width in [1280, 1024, 900, 360]:
        page.size(width, 800, mobile=width == 360)
        report.check_empty(f"rows do not break at {width} pixels", page.run(BROKEN_ROWS))
    page.size(1280, 800)
    amounts = page.run(AMOUNTS)
    decimals = {len(text.split(".")[1]) for text in amounts}
    report.check("all amounts have four decimals", len(amounts) > 3 and decimals == {4}, str(amounts))


def check_namespaces(page, emulator, report):
    report.check("the menu of namespaces is hidden for a single namespace",
                 page.run("document.getElementById('namespace').hidden"))
    emulator.send("6591234567", "x" * 612 + " 246810 is your code", namespace="job-7", Type="OTP", From="swiftotp")
    page.wait("the menu appears with a second namespace", "!document.getElementById('namespace').hidden")
    page.wait("each row shows its namespace", f"{FIRST_ROW}.innerText.includes('job-7')")
    page.screenshot("namespaces")
    report.check_empty("rows with a namespace do not break", page.run(BROKEN_ROWS))
    page.run(f"{FIRST_ROW}.querySelector('.open').click()")
    # 632 units fill four segments of 153 units, and 20 units of a fifth segment.
    page.wait("the last segment is filled in part", "[...document.querySelectorAll('.meter progress')]"
              ".map((bar) => bar.value).join() === '153,153,153,153,20'")
    page.key("Escape")
    check_single_namespace(page, emulator, report)
    emulator.delete(emulator.messages()[0]["id"])
    page.navigate(f"{emulator.url}/")
    page.wait("the page without a namespace shows the other messages", f"{ROWS} === 5")
    page.run("window.marker = 'not reloaded'")


def check_single_namespace(page, emulator, report):
    page.navigate(f"{emulator.url}/?namespace=job-7")
    page.wait("the page of a namespace shows only its messages", f"{ROWS} === 1")
    emulator.send("6591234567", "Your code is 135799")
    emulator.send("6591234567", "Your code is 135798", namespace="job-7")
    page.wait("the page of a namespace receives only its events", f"{ROWS} === 2")
    page.key("d")
    page.key("Enter")
    page.wait("a namespace can be cleared", f"{ROWS} === 0")
    left = emulator.messages()
    report.check("clearing a namespace keeps the others", len(left) == 6 and all(each["namespace"] == KEY_ID for each in left),
                 str(left)[:300])


def check_keys(page, report):
    page.run("document.activeElement.blur()")
    for _ in range(7):
        page.key("k")
    check_selection_keys(page, report)
    check_search_keys(page, report)
    page.key("?")
    report.check("? shows the shortcuts", page.run("document.querySelector('#keys[open]') !== null"))
    page.key("Escape")
    report.check("Escape closes the shortcuts", page.run("document.querySelector('dialog[open]') === null"))
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    controls = {"button", "tab", "textbox", "searchbox", "dialog"}
    nameless = [node["role"]["value"] for node in nodes if not node.get("ignored")
                and node["role"]["value"] in controls and not node.get("name", {}).get("value")]
    report.check_empty("every control has an accessible name", nameless)


def check_selection_keys(page, report):
    first = page.run(f"{SELECTED_ROW}.dataset.id")
    report.check("k moves up and stops at the top", first == page.run(f"{FIRST_ROW}.dataset.id"), first)
    page.key("j")
    report.check("j moves down", page.run(f"{SELECTED_ROW}.dataset.id") != first)
    report.check("the selected row has a visible focus", page.run(
        f"document.activeElement.closest('.row') === {SELECTED_ROW}"
        " && getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
    page.run("navigator.clipboard.writeText('')")
    page.key("c")
    page.settle()
    report.check("c copies the code", page.run("navigator.clipboard.readText()") == "903114")
    page.key("Enter")
    report.check("Enter opens the message", page.run("document.getElementById('main').dataset.view === 'detail'"))
    page.key("v")
    report.check("v shows the number", "+85251234567" in page.run("document.getElementById('detail').innerText"))
    page.key("v")
    report.check("v hides the number", "+85251234567" not in page.run("document.getElementById('detail').innerText"))
    page.key("Escape")
    report.check("Escape returns to the list", page.run(f"document.activeElement.closest('.row') === {SELECTED_ROW}"))


def check_search_keys(page, report):
    page.key("/")
    report.check("/ moves to the search field", page.run("document.activeElement.id === 'search'"))
    page.type("commande")
    page.settle()
    report.check("the search filters the list", page.run(ROWS) == 1)
    page.key("d")
    report.check("letters in the search field are not shortcuts", page.run("document.querySelector('dialog[open]') === null"))
    page.key("Escape")
    report.check("Escape ends the search", page.run(ROWS) == 5)
