// Elements and texts. What came from outside enters the page as text only, never as markup.
"use strict";

const byID = (id) => document.getElementById(id);

/** Makes an element: its name with classes as `p.one.two`, its attributes, and its children, elements or texts. */
function make(selector, attributes, ...children) {
  const [name, ...classes] = selector.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "press") element.addEventListener("click", value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const plural = (count, word) => count + " " + word + (count === 1 ? "" : "s");

/** A time of the day here, with the whole time for whoever points at it. */
function clock(text, withMilliseconds) {
  const date = new Date(text);
  const time = date.toLocaleTimeString("en-GB") + (withMilliseconds ? "." + String(date.getMilliseconds()).padStart(3, "0") : "");
  return make("time", { datetime: text, title: date.toString() }, time);
}

/** An amount of the account's currency, always with four decimals, so that amounts below each other can be compared. */
const price = (micros) => (micros / 1e6).toFixed(4);

// The calling codes of one and of two digits (ITU-T E.164); all others have three.
const callingCode = /^\+([17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
const masked = (number) => (number.match(callingCode) || [number.slice(0, 3)])[0] + " •••• " + number.slice(-2);

const regionNames = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

function region(code) {
  if (!code) return { flag: "", name: "unknown region", code: "" };
  const letters = [...code].map((letter) => String.fromCodePoint(0x1f1a5 + letter.codePointAt(0)));
  let name = code;
  try { name = regionNames.of(code); } catch { /* A code that the browser does not know names itself. */ }
  return { flag: letters.join(""), name, code };
}

let toastTimer = 0;

/** Says something for a moment. */
function say(text) {
  const toast = byID("toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.classList.remove("shown"), 1800);
}

/** Copies a text, also where the page is not at a loopback address and the browser's own way is closed. */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(what + " copied");
  } catch {
    const area = make("textarea", { class: "hidden", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    say(document.execCommand("copy") ? what + " copied" : "Copying is not allowed here");
    area.remove();
  }
}

/** A list of names and values; those without a value are left out. */
function facts(entries) {
  const list = make("dl.facts");
  for (const [name, value, isMono] of entries) {
    if (value === undefined || value === null || value === "") continue;
    list.append(make("dt", null, name), make(isMono ? "dd.mono" : "dd", null, value));
  }
  return list;
}

function card(title, ...children) {
  return make("section.card", { "aria-label": title }, make("h3", null, title), ...children);
}

/** A text in lines, in which control characters can be seen. */
const visible = (line) => line.replaceAll("\r", "␍").replaceAll("\t", "⇥");

/** A text in lines; from a second one it is told where the first difference is. */
function textBlock(text, other, isRight) {
  const block = make(isRight ? "pre.text.right" : "pre.text", { tabindex: "0" });
  const lines = text.split("\n");
  const others = other === undefined ? lines : other.split("\n");
  const first = lines.length < others.length && lines.every((line, index) => line === others[index])
    ? -1 : lines.findIndex((line, index) => line !== others[index]);
  lines.forEach((line, index) => {
    if (index !== first) { block.append(make("span", null, visible(line))); return; }
    const counterpart = others[index] ?? "";
    let start = 0;
    while (start < line.length && start < counterpart.length && line[start] === counterpart[start]) start += 1;
    let end = 0;
    while (end < line.length - start && end < counterpart.length - start
      && line[line.length - 1 - end] === counterpart[counterpart.length - 1 - end]) end += 1;
    // Where one text only lacks something, its neighbour shows the place.
    const stop = Math.max(line.length - end, Math.min(start + 1, line.length));
    block.append(make("span.differs", null, visible(line.slice(0, start)),
      make("mark", null, visible(line.slice(start, stop)) || "⏎"), visible(line.slice(stop))));
  });
  return block;
}

function snippet(text, what) {
  return [make("pre", null, text), make("button.small", { type: "button", press: () => copy(text, what) }, "Copy")];
}
