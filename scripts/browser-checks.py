"""What scripts/browser checks: the inbox page in a real browser, driven by the DevTools protocol."""

import base64
import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from websockets.sync.client import connect

FOLDER = pathlib.Path(os.environ["BROWSER_FOLDER"])
SCREENSHOTS = os.environ["BROWSER_SCREENSHOTS"]
KEY_ID, SECRET = "LTAI" + secrets.token_hex(8), secrets.token_hex(16)
PATIENCE = 15

failures: list[str] = []
count = 0


def check(what, passed, detail=""):
    global count
    count += 1
    print(f"{'ok    ' if passed else 'NOT OK'}  {what}{'' if passed or not detail else f': {detail}'}", flush=True)
    if not passed:
        failures.append(what)


# The emulator


def start_emulator(port=0, *options, **variables):
    environment = {**os.environ, "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
                   **variables}
    process = subprocess.Popen(
        [os.environ["BROWSER_OTP"], "emulator", "--json", "--port", str(port), *options],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )
    line = process.stdout.readline()
    if not line:
        sys.exit("browser: the emulator did not start")
    return process, json.loads(line)["url"]


def encode(text, careless=False):
    return urllib.parse.quote(text, safe="-_.~").replace("%20", "+" if careless else "%20")


def send(url, to, text, careless=False, namespace=None, **extra):
    """Sends a message, signed by the third method; a careless client signs blanks as +."""
    host = url.removeprefix("http://")
    parameters = {"To": to, "Message": text, **extra}
    good = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(parameters.items()))
    signed = "&".join(f"{encode(name)}={encode(value, careless)}" for name, value in sorted(parameters.items()))
    digest = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host, "x-acs-action": "SendMessageToGlobe", "x-acs-content-sha256": digest,
        "x-acs-date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16), "x-acs-version": "2018-05-01",
    }
    names = ";".join(headers)
    block = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join(["POST", "/", signed, block, names, digest])
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    if namespace:
        headers["x-otp-namespace"] = namespace
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={names},Signature={signature}"
    # urllib would add a content type, which would have to be signed.
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("POST", f"/?{good}", headers={name: headers[name] for name in headers if name != "host"})
        return json.load(connection.getresponse())


# The browser


class Page:
    """A page of a browser: commands, and the events that came meanwhile."""

    def __init__(self, address):
        self.socket = connect(address, max_size=None)
        self.last = 0
        self.events = []

    def call(self, method, **parameters):
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=PATIENCE * 2))
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True,
                           userGesture=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def look(self, script):
        """Runs a script; while one page makes room for another there is no answer."""
        with contextlib.suppress(RuntimeError):
            return self.run(script)

    def wait(self, what, script):
        deadline = time.monotonic() + PATIENCE
        while not (value := self.look(f"(() => {{ try {{ return {script} }} catch {{ return false }} }})()")):
            if time.monotonic() > deadline:
                check(what, False, "it did not happen")
                return None
            time.sleep(0.05)
        check(what, True)
        return value

    def key(self, key):
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40}
        code = codes.get(key, ord(key[0].upper()) if len(key) == 1 else 0)
        common = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def settle(self):
        """Lets the page draw."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.settle()

    def scheme(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.settle()

    def screenshot(self, name):
        if not SCREENSHOTS:
            return
        self.run("document.getElementById('toast')?.classList.remove('shown')")
        time.sleep(0.3)
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(SCREENSHOTS, f"{name}.png").write_bytes(base64.b64decode(data))


@contextlib.contextmanager
def browser():
    profile = FOLDER / "profile"
    arguments = [
        os.environ["BROWSER_CHROMIUM"], "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}",
        "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-sync",
        "--disable-component-update", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "about:blank",
    ]
    if os.geteuid() == 0:
        arguments.insert(1, "--no-sandbox")
    with open(FOLDER / "chromium.log", "wb") as log:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not (file.exists() and file.read_text().count("\n")):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("browser: Chromium did not start:\n" + (FOLDER / "chromium.log").read_text()[-2000:])
            time.sleep(0.05)
        port = file.read_text().split("\n")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE) as answer:
            target = next(entry for entry in json.load(answer) if entry["type"] == "page")
        yield Page(target["webSocketDebuggerUrl"])
    finally:
        process.terminate()
        process.wait(timeout=30)


# What is checked

ROWS = "document.querySelectorAll('#list .row').length"
CURRENT = "document.querySelector('#list .row[data-current=true]')"
CONTRAST = """
(() => {
  const channel = (value) => { value /= 255; return value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (color) => .2126 * channel(color[0]) + .7152 * channel(color[1]) + .0722 * channel(color[2]);
  const behind = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.checkVisibility() || element.closest(".toast, .hidden, dialog, template, script, style")) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(parse(style.color)), light(behind(element))].sort((left, right) => right - left);
    const ratio = (one + .05) / (two + .05);
    if (ratio < 4.5) poor.push(element.className + ":" + element.textContent.slice(0, 20) + ":" + ratio.toFixed(2));
  }
  return poor;
})()
"""
WIDE = """
(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) return ["page " + document.documentElement.scrollWidth];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && !element.closest(".hidden, .toast, svg"))
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.tagName + "." + element.className).slice(0, 5);
})()
"""
# Rows of which an element is on another line than its neighbours, and statuses that are cut off.
WRAPPED = """
(() => {
  const wrong = [];
  for (const row of document.querySelectorAll("#list .row")) {
    for (const line of row.querySelectorAll(".line")) {
      const boxes = [...line.children].map((each) => each.getBoundingClientRect()).filter((box) => box.height);
      const middle = (box) => box.top + box.height / 2;
      if (boxes.some((box) => Math.abs(middle(box) - middle(boxes[0])) > 4)) wrong.push("wrapped: " + line.innerText);
      const figures = line.querySelector(".figures");
      if (innerWidth > 460 && figures && figures.scrollWidth > figures.clientWidth) wrong.push("cut: " + line.innerText);
      if (boxes.some((box) => box.right > row.getBoundingClientRect().right)) wrong.push("too wide: " + line.innerText);
    }
    const status = row.querySelector(".status");
    if (status.scrollWidth > status.clientWidth + 1 || status.getClientRects().length !== 1) wrong.push("cut: " + row.innerText);
  }
  return wrong;
})()
"""
MONEY = """
[...document.querySelectorAll("#list .figures, #totals")].map((each) => each.textContent.match(/[0-9]+[.][0-9]+/)?.[0])
  .filter(Boolean)
"""
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> code 135790"


def watch(page, url):
    for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
        page.call(f"{domain}.enable")
    page.call("Page.addScriptToEvaluateOnNewDocument", source="""
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
    """)
    page.call("Emulation.setFocusEmulationEnabled", enabled=True)
    page.call("Browser.grantPermissions", origin=url, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.size(1280, 800)
    page.scheme("light")
    page.call("Page.navigate", url=f"{url}/")


def check_empty(page, url):
    page.wait("the page says that it is live", "document.getElementById('state').textContent === 'live'")
    page.run("window.marker = 'not reloaded'")
    check("the banner says that nothing is sent",
          "nothing is sent" in page.run("document.querySelector('.banner').textContent"))
    check("an empty inbox names its own address", url in page.run("document.querySelector('.empty').textContent"))
    page.screenshot("empty")
    lines = page.run("document.querySelector('[data-snippet=curl] pre').textContent")
    environment = {**os.environ, "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET}
    shell = subprocess.run(["bash", "-c", lines], env=environment, capture_output=True, text=True, timeout=60)
    check("the lines of the empty inbox send a message", '"ResponseCode":"OK"' in shell.stdout, shell.stdout + shell.stderr)
    page.wait("that message appears", f"{ROWS} === 1")


def check_messages(page, url):
    send(url, "6591234567", "Your code is 482913. It is valid for 5 minutes.", From="swiftotp", Type="OTP")
    page.wait("a message arrives without a reload", f"{ROWS} === 2 && window.marker === 'not reloaded'")
    row = page.run("document.querySelector('#list .row').innerText")
    check("its number is masked", "+65 •••• 67" in row and "6591234567" not in row, row)
    check("its region is shown", "SG" in row, row)
    page.run("document.querySelector('#list .row .to').click()")
    page.settle()
    check("a click shows the number", "+6591234567" in page.run("document.querySelector('#list .row').innerText"))
    page.run("document.querySelector('#list .row .to').click()")
    page.run("document.querySelector('#list .row .chip').click()")
    page.settle()
    check("a click copies the code", page.run("navigator.clipboard.readText()") == "482913")
    check("it is said that it was copied", page.run("document.getElementById('toast').textContent") == "Code copied")

    send(url, "447700900123", HOSTILE)
    page.wait("a hostile text arrives", f"{ROWS} === 3")
    check("it is shown as text", page.run("document.querySelector('#list .excerpt').textContent") == HOSTILE)
    page.key("j")
    page.settle()
    check("in full too", page.run("document.querySelector('.bubble').textContent") == HOSTILE)
    check("it became no element",
          page.run("document.querySelectorAll('main script, main img').length") == 0)

    send(url, "85251234567", "【网店】验证码 903114，5分钟内有效，请勿告诉他人。" * 4, From="Shop", Type="OTP")
    send(url, "33612345678", "Votre commande nº 2041 est arrivée au point de retrait.", From="Boutique", Type="NOTIFY")
    page.wait("more messages arrive", f"{ROWS} === 5")


def check_rows(page):
    page.wait("messages are delivered", "[...document.querySelectorAll('#list .status')].every("
              "(status) => status.textContent === 'Delivered')")
    for width in [1280, 1024, 900, 360]:
        page.size(width, 800, mobile=width == 360)
        check(f"each row keeps its lines at {width} pixels", not (wrong := page.run(WRAPPED)), str(wrong))
    page.size(1280, 800)
    amounts = page.run(MONEY)
    check("amounts have one format", len(amounts) > 3 and {len(text.split(".")[1]) for text in amounts} == {4}, str(amounts))
    check("a part of 153 units is not overfull", page.run(
        "meter({ encoding: 'gsm7', segments: 5, units: 610, unitsLeft: 151 }).lastChild.value") == 2)


def check_namespaces(page, url):
    check("a single namespace needs no choice", page.run("document.getElementById('namespace').hidden"))
    send(url, "6591234567", "Your code is 246810", namespace="job-7", Type="OTP", From="swiftotp")
    page.wait("a second namespace can be chosen", "!document.getElementById('namespace').hidden")
    page.wait("each row names its own", "document.querySelector('#list .row').innerText.includes('job-7')")
    page.screenshot("namespaces")
    check("rows with a namespace keep their lines, too", not (wrong := page.run(WRAPPED)), str(wrong))
    page.call("Page.navigate", url=f"{url}/?namespace=job-7")
    page.wait("the page of a namespace shows its own message only", f"{ROWS} === 1")
    send(url, "6591234567", "Your code is 135799")
    send(url, "6591234567", "Your code is 135798", namespace="job-7")
    page.wait("and its own events", f"{ROWS} === 2")
    page.key("d")
    page.key("Enter")
    page.wait("clearing it", f"{ROWS} === 0")
    left = json.load(urllib.request.urlopen(f"{url}/api/v1/messages", timeout=PATIENCE))["messages"]
    check("leaves the others", len(left) == 6 and all(each["namespace"] == KEY_ID for each in left), str(left)[:300])
    newest = left[0]["id"]
    urllib.request.urlopen(urllib.request.Request(f"{url}/api/v1/messages/{newest}", method="DELETE"), timeout=PATIENCE)
    page.call("Page.navigate", url=f"{url}/")
    page.wait("and the page of all comes back", f"{ROWS} === 5")
    page.run("window.marker = 'not reloaded'")


def check_keys(page):
    page.run("document.activeElement.blur()")
    for _ in range(7):
        page.key("k")
    first = page.run(f"{CURRENT}.dataset.id")
    check("k goes up and stays at the top", first == page.run("document.querySelector('#list .row').dataset.id"), first)
    page.key("j")
    check("j goes down", page.run(f"{CURRENT}.dataset.id") != first)
    check("the row has the focus and shows it", page.run(
        "document.activeElement.closest('.row') === " + CURRENT
        + " && getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
    page.run("navigator.clipboard.writeText('')")
    page.key("c")
    page.settle()
    check("c copies the code", page.run("navigator.clipboard.readText()") == "903114")
    page.key("Enter")
    check("Enter opens the message", page.run("document.getElementById('main').dataset.view === 'detail'"))
    page.key("v")
    check("v shows the number", "+85251234567" in page.run("document.getElementById('detail').innerText"))
    page.key("v")
    page.key("Escape")
    check("Esc goes back to the list", page.run("document.activeElement.closest('.row') === " + CURRENT))
    page.key("/")
    check("/ goes to the search", page.run("document.activeElement.id === 'search'"))
    page.call("Input.insertText", text="commande")
    page.settle()
    check("the search filters", page.run(ROWS) == 1)
    page.key("d")
    check("letters are typed there and no commands", page.run("document.querySelector('dialog[open]') === null"))
    page.key("Escape")
    check("Esc ends the search", page.run(ROWS) == 5)
    page.key("?")
    check("? shows the keys", page.run("document.querySelector('#keys[open]') !== null"))
    page.key("Escape")
    check("Esc closes them", page.run("document.querySelector('dialog[open]') === null"))
    names = page.call("Accessibility.getFullAXTree")["nodes"]
    nameless = [node["role"]["value"] for node in names if not node.get("ignored")
                and node["role"]["value"] in {"button", "tab", "textbox", "searchbox", "dialog"}
                and not node.get("name", {}).get("value")]
    check("every control has a name", not nameless, str(nameless))


def check_requests(page, url):
    answer = send(url, "6591234567", "Your code is 771204 *now*", careless=True)
    check("a wrong signature is refused", answer.get("Code") == "SignatureDoesNotMatch", str(answer))
    check("the answer names the mistake", "a space was signed as +" in answer.get("Message", ""), str(answer))
    check("and quotes neither number nor text", "771204" not in str(answer) and "6591234567" not in str(answer))
    page.wait("the refusal is counted", "document.getElementById('refused-count').textContent === '1 refused'")
    page.key("2")
    page.key("j")
    row = page.run("document.querySelector('#list .row').innerText")
    check("the list names the mistake", "SignatureDoesNotMatch" in row and "A space was signed as +" in row, row)
    page.wait("the texts to sign stand side by side", "document.querySelectorAll('.sides:not(.single)').length === 3")
    marks = page.run("[...document.querySelectorAll('.side mark')].map((mark) => mark.textContent)")
    check("the first difference is marked", len(marks) == 6 and any("%20" in mark for mark in marks)
          and any("+" in mark for mark in marks), str(marks))
    page.screenshot("wrong-signature")
    page.scheme("dark")
    page.screenshot("dark-wrong-signature")
    page.scheme("light")
    other = send(url, "8613800000000", "Your code is 1234")
    check("the service refuses with its code", other.get("ResponseCode") == "NOT_SUPPORTED_COUNTRY", str(other))
    page.wait("that is counted too", "document.getElementById('refused-count').textContent === '2 refused'")
    page.screenshot("requests")


def check_looks(page):
    page.key("1")
    page.run("[...document.querySelectorAll('#list .row')].find((row) => row.textContent.includes('valid for')).firstChild.click()")
    page.wait("the request of a message is shown", "document.querySelector('.verdict.good') !== null")
    page.run("document.activeElement.blur()")
    page.screenshot("message")
    for scheme in ["light", "dark"]:
        page.scheme(scheme)
        for tab in "12":
            page.key(tab)
            page.key("j")
            page.settle()
            poor = page.run(CONTRAST)
            check(f"texts can be read on tab {tab}, {scheme}", not poor, str(poor[:5]))
    page.screenshot("dark-request")
    background = page.run("getComputedStyle(document.body).backgroundColor")
    check("dark is dark", sum(int(part) for part in background[4:-1].split(",")) < 150, background)
    page.key("1")
    page.settle()
    page.screenshot("dark")
    page.scheme("light")
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    check("nothing moves where that is not wanted", page.run(
        "[...document.querySelectorAll('.row, .toast')].every((element) => getComputedStyle(element).animationName === 'none'"
        " && parseFloat(getComputedStyle(element).transitionDuration) === 0)"))
    page.scheme("light")


def check_narrow(page):
    page.size(360, 740, mobile=True)
    page.key("1")
    page.key("Escape")
    check("the list fits 360 pixels", not (wide := page.run(WIDE)), str(wide))
    page.screenshot("narrow-list")
    for tab in "12":
        page.key(tab)
        page.run("document.querySelector('#list .row .open').click()")
        page.wait(f"details are shown on tab {tab}", "document.querySelector('.card .text') !== null")
        page.settle()
        check(f"and fit 360 pixels on tab {tab}", not (wide := page.run(WIDE)), str(wide))
        check("the list has made room", page.run("!document.querySelector('.list').checkVisibility()"))
        page.screenshot(f"narrow-detail-{tab}")
        page.run("document.querySelector('.back').click()")
        page.settle()
        check("and comes back", page.run("document.querySelector('.list').checkVisibility()"))
    page.size(1280, 800)


def check_end(page, url, emulator):
    page.key("1")
    page.key("d")
    check("d asks first", page.run("document.querySelector('#confirm[open]') !== null"))
    page.key("Escape")
    check("Esc keeps the messages", page.run(ROWS) == 5)
    newest = page.run("document.querySelector('#list .row').dataset.id")
    urllib.request.urlopen(urllib.request.Request(f"{url}/api/v1/messages/{newest}", method="DELETE"), timeout=PATIENCE)
    page.wait("a message that is removed elsewhere goes", f"{ROWS} === 4")
    page.key("d")
    page.key("Enter")
    page.wait("d and Enter clear the inbox", f"{ROWS} === 0 && document.querySelector('.empty') !== null")
    page.size(360, 740, mobile=True)
    check("the empty inbox fits 360 pixels", not (wide := page.run(WIDE)), str(wide))
    page.screenshot("narrow-empty")
    page.size(1280, 800)
    check("it never was reloaded", page.run("window.marker") == "not reloaded")

    # What follows makes the browser complain about the connection, so the complaints are read first.
    page.run("1")
    origin = url + "/"
    foreign = [event["params"]["request"]["url"] for event in page.events
               if event.get("method") == "Network.requestWillBeSent"
               and not event["params"]["request"]["url"].startswith((origin, "data:"))]
    check("nothing was asked of another origin", not foreign, str(foreign))
    complaints = [event for event in page.events if event.get("method") == "Runtime.exceptionThrown"
                  or (event.get("method") == "Runtime.consoleAPICalled" and event["params"]["type"] in ("error", "warning"))
                  or (event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error")]
    check("the console has no errors", not complaints, json.dumps(complaints)[:600])
    issues = [event["params"]["issue"]["code"] for event in page.events if event.get("method") == "Audits.issueAdded"]
    check("no policy was violated", page.run("violations.length") == 0 and "ContentSecurityPolicyIssue" not in issues,
          str(issues))
    check("no dialog was opened by a script",
          not any(event.get("method") == "Page.javascriptDialogOpening" for event in page.events))

    emulator.terminate()
    emulator.wait(timeout=30)
    page.wait("a lost connection is shown", "document.getElementById('state').dataset.state === 'lost'")
    again, _ = start_emulator(int(url.rsplit(":", 1)[1]))
    send(url, "6591234567", "Your code is 550011")
    page.wait("and comes back by itself, with what was missed",
              f"document.getElementById('state').dataset.state === 'live' && {ROWS} === 1")
    page.run("""(() => {
        const original = fetch;
        window.answers = 0;
        const gate = new Promise((open) => { window.openGate = open; });
        window.fetch = async (...call) => {
            const answer = await original(...call);
            window.answers += 1;
            await gate;
            return answer;
        };
        window.reading = reload();
    })()""")
    page.wait("the lists are read again", "window.answers === 2")
    send(url, "6591234567", "Your code is 550012")
    page.wait("a message that comes meanwhile appears", f"{ROWS} === 2")
    page.run("openGate(); reading")
    page.settle()
    check("and is not lost with the older list", page.run(ROWS) == 2)
    return again


def check_sign_in(page):
    token = secrets.token_hex(16)
    emulator, url = start_emulator(0, "--host", "0.0.0.0", OTP_INBOX_TOKEN=token)
    try:
        send(url, "6591234567", "Your code is 864209")
        page.call("Page.navigate", url=f"{url}/")
        page.wait("an emulator that others reach asks for its token", "document.querySelector('form input') !== null")
        page.screenshot("sign-in")
        for text in ["a-token-that-is-wrong", token]:
            page.run("document.querySelector('input').focus()")
            page.call("Input.insertText", text=text)
            # The page goes away by this, so nothing is awaited of it.
            page.run("setTimeout(() => document.querySelector('form').requestSubmit())")
            if text != token:
                page.wait("a wrong one is refused", "document.querySelector('[role=alert]') !== null")
        page.wait("the right one opens the inbox", f"{ROWS} === 1 && document.getElementById('state').textContent === 'live'")
        check("and is not in the address", token not in page.run("location.href"))
    finally:
        emulator.terminate()
        emulator.wait(timeout=30)


def main():
    start = time.monotonic()
    emulator, url = start_emulator()
    try:
        with browser() as page:
            watch(page, url)
            check_empty(page, url)
            check_messages(page, url)
            check_rows(page)
            check_namespaces(page, url)
            check_keys(page)
            page.screenshot("list")
            check_requests(page, url)
            check_looks(page)
            check_narrow(page)
            emulator = check_end(page, url, emulator)
            check_sign_in(page)
    except (RuntimeError, TimeoutError, OSError) as error:
        check("all checks could be made", False, str(error)[:400])
    finally:
        emulator.terminate()
        emulator.wait(timeout=30)
    print(f"browser: {count} checks, {len(failures)} failed, in {time.monotonic() - start:.0f} s")
    sys.exit(1 if failures else 0)


main()
