// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Submits forms without reloading the page, updates countdowns, and shows new messages. The page works without this script.

const byID = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Map<HTMLElement, number>} */
const deadlines = new Map();

/**
 * Requests the page. `XMLHttpRequest` parses the response, so that no text in it becomes markup in this document.
 * @param {string} method
 * @param {string} url
 * @param {string} [body]
 * @returns {Promise<Document>}
 */
function load(method, url, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "document";
    if (body !== undefined) request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response?.getElementById("card")) resolve(request.response);
      else reject(new Error(String(request.status)));
    });
    request.addEventListener("error", () => reject(new Error("offline")));
    request.send(body);
  });
}

/**
 * Replaces the element with an ID by the element with the same ID in another document.
 * @param {Document} page
 * @param {string} id
 */
function replace(page, id) {
  const element = page.getElementById(id);
  if (element) byID(id).replaceWith(document.adoptNode(element));
  prepare();
}

/**
 * Shows the messages of another document, unless they are shown already.
 * @param {Document} page
 * @returns {boolean} Whether the shown messages have changed.
 */
function showInbox(page) {
  const isNew = page.getElementById("inbox")?.dataset.cursor !== byID("inbox").dataset.cursor;
  if (isNew) replace(page, "inbox");
  return isNew;
}

/** @param {Document} page */
function show(page) {
  document.title = page.title;
  replace(page, "card");
  showInbox(page);
  const targets = ["[aria-invalid]", "[autofocus]", "h1"].map((selector) => byID("card").querySelector(selector));
  /** @type {HTMLElement | null | undefined} */ (targets.find((target) => target !== null))?.focus();
}

/** Connects the elements of the page to this script. */
function prepare() {
  for (const element of deadlines.keys()) if (!element.isConnected) deadlines.delete(element);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("time[data-seconds]"))) {
    if (!deadlines.has(element)) deadlines.set(element, performance.now() + Number(element.dataset.seconds) * 1000);
  }
  const number = document.getElementById("code")?.dataset.number;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".use"))) {
    button.hidden = number === undefined || button.dataset.recipient !== number;
  }
  count();
}

/** @param {number} seconds */
function clock(seconds) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function count() {
  for (const [element, deadline] of deadlines) {
    const seconds = Math.max(0, Math.ceil((deadline - performance.now()) / 1000));
    element.textContent = clock(seconds);
    const button = element.closest("button");
    if (button) button.disabled = seconds > 0;
    if (seconds > 0) continue;
    deadlines.delete(element);
    element.closest(".notice")?.remove();
    if (element.closest(".state")) load("GET", "/demo").then(show, () => {});
  }
}

/** @param {SubmitEvent} event */
async function submit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest("#card")) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  form.ariaBusy = "true";
  try {
    show(await load("POST", form.action, fields.toString()));
  } catch {
    form.ariaBusy = "false";
    const notice = document.createElement("p");
    notice.className = "notice error";
    notice.role = "alert";
    notice.textContent = document.body.dataset.offline ?? "";
    byID("card").querySelector(".notice")?.remove();
    byID("title").nextElementSibling?.after(notice);
  }
}

/** @param {Event} event */
function useCode(event) {
  const button = /** @type {HTMLElement} */ (event.target).closest(".use");
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));
  if (!(button instanceof HTMLElement) || !input) return;
  input.value = button.dataset.code ?? "";
  /** @type {HTMLElement | null} */ (input.form?.querySelector(".primary"))?.focus();
}

/** Shows each new message as soon as it arrives. */
async function follow() {
  for (;;) {
    try {
      const page = await load("GET", `/demo/inbox?after=${encodeURIComponent(byID("inbox").dataset.cursor ?? "")}`);
      if (showInbox(page)) byID("news").textContent = document.querySelector(".bubble")?.textContent ?? "";
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

document.documentElement.classList.add("live");
document.addEventListener("submit", submit);
document.addEventListener("click", useCode);
setInterval(count, 250);
prepare();
follow();
