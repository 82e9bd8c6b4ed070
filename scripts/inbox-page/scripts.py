# SPDX-License-Identifier: Apache-2.0
"""Scripts that the checks evaluate in the page."""

ROWS = "document.querySelectorAll('#list .row').length"
FIRST_ROW = "document.querySelector('#list .row')"
SELECTED_ROW = "document.querySelector('#list .row[data-current=true]')"
STATE = "document.getElementById('state').dataset.state"
IS_LIVE = f"{STATE} === 'live'"

# Texts with a contrast below 4.5, the minimum of WCAG 2.2 level AA.
LOW_CONTRAST = """
(() => {
  const channel = (value) => { value /= 255; return value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = (color) => .2126 * channel(color[0]) + .7152 * channel(color[1]) + .0722 * channel(color[2]);
  const background = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.checkVisibility() || element.closest(".toast, .hidden, dialog, template, script, style")) continue;
    const pair = [parse(getComputedStyle(element).color), background(element)].map(luminance);
    const [light, dark] = pair.sort((left, right) => right - left);
    const ratio = (light + .05) / (dark + .05);
    if (ratio < 4.5) low.push(element.className + ":" + element.textContent.slice(0, 20) + ":" + ratio.toFixed(2));
  }
  return low;
})()
"""

# Elements that exceed the width of the page.
TOO_WIDE = """
(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) return ["page " + document.documentElement.scrollWidth];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && !element.closest(".hidden, .toast, svg"))
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.tagName + "." + element.className).slice(0, 5);
})()
"""

# Lines of rows that wrap or exceed the row, and figures and statuses that are truncated.
BROKEN_ROWS = """
(() => {
  const broken = [];
  for (const row of document.querySelectorAll("#list .row")) {
    for (const line of row.querySelectorAll(".line")) {
      const boxes = [...line.children].map((each) => each.getBoundingClientRect()).filter((box) => box.height);
      const middle = (box) => box.top + box.height / 2;
      if (boxes.some((box) => Math.abs(middle(box) - middle(boxes[0])) > 4)) broken.push("wrapped: " + line.innerText);
      const figures = line.querySelector(".figures");
      if (innerWidth > 460 && figures && figures.scrollWidth > figures.clientWidth) broken.push("truncated: " + line.innerText);
      if (boxes.some((box) => box.right > row.getBoundingClientRect().right)) broken.push("too wide: " + line.innerText);
    }
    const status = row.querySelector(".status");
    if (status.scrollWidth > status.clientWidth + 1 || status.getClientRects().length !== 1) broken.push("truncated: " + row.innerText);
  }
  return broken;
})()
"""

AMOUNTS = """
[...document.querySelectorAll("#list .figures, #totals")].map((each) => each.textContent.match(/[0-9]+[.][0-9]+/)?.[0])
  .filter(Boolean)
"""

HAS_NO_MOTION = """
[...document.querySelectorAll('.row, .toast')].every((element) => getComputedStyle(element).animationName === 'none'
  && parseFloat(getComputedStyle(element).transitionDuration) === 0)
"""

RECORD_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""

# Holds back the responses with the lists, until `openGate` is called.
HOLD_LISTS = """
(() => {
  const original = fetch;
  const gate = new Promise((open) => { window.openGate = open; });
  window.heldResponses = 0;
  window.fetch = async (...call) => {
    const response = await original(...call);
    if (!String(call[0]).includes("?limit=")) return response;
    window.heldResponses += 1;
    await gate;
    return response;
  };
})()
"""
