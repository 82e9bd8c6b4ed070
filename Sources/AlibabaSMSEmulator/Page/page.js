// What is there, what is shown, and what the keys do.

const tabs = {
  messages: { items: new Map(), row: messageRow, label: messageLabel, text: messageText, current: null, rows: new Map() },
  requests: { items: new Map(), row: requestRow, label: requestLabel, text: requestText, current: null, rows: new Map() },
};
const longest = 500;

/** The namespace that the page shows, or nothing for all of them. */
const namespace = new URLSearchParams(location.search).get("namespace") || "";

/** The URL of a call to the inbox, for the namespace that is shown. */
function api(path) {
  const mark = path.includes("?") ? "&" : "?";
  return "/api/v1/" + path + (namespace ? mark + "namespace=" + encodeURIComponent(namespace) : "");
}

/** The namespace of an item, where items of several are shown. */
function namespaceTag(item) {
  return !namespace && namespaces().length > 1 && make("span.tag", { title: "Namespace" }, item.namespace);
}

let tab = "messages";
let query = "";
let isDrawing = false;
let shownDetail = "";

const list = byID("list");
const detail = byID("detail");
const main = byID("main");
const isNarrow = () => matchMedia("(max-width: 820px)").matches;

// MARK: What is there

function put(name, item, isFresh) {
  const kind = tabs[name];
  if (isFresh && !kind.items.has(item.id)) item.freshUntil = Date.now() + 1600;
  kind.items.set(item.id, item);
  kind.rows.delete(item.id);
  if (kind.items.size > longest) drop(name, Math.min(...kind.items.keys()));
}

function drop(name, id) {
  tabs[name].items.delete(id);
  tabs[name].rows.delete(id);
  if (tabs[name].current === id) tabs[name].current = null;
}

function replaceAll(name, items) {
  const kind = tabs[name];
  kind.items = new Map(items.map((item) => [item.id, item]));
  kind.rows.clear();
  if (!kind.items.has(kind.current)) kind.current = null;
}

/** The names of all namespaces that are known to the page, with the one that is shown. */
function namespaces() {
  const names = new Set(namespace ? [namespace] : []);
  for (const kind of Object.values(tabs)) for (const item of kind.items.values()) names.add(item.namespace);
  return [...names].sort();
}

/** Removes the items of a namespace, or of all. */
function clearItems(name, cleared) {
  replaceAll(name, cleared ? [...tabs[name].items.values()].filter((item) => item.namespace !== cleared) : []);
}

const messageByGatewayID = (id) => [...tabs.messages.items.values()].find((message) => message.messageId === id);

/** The items that the search lets through, newest first. */
function visibleItems() {
  const kind = tabs[tab];
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return [...kind.items.values()].sort((left, right) => right.id - left.id)
    .filter((item) => words.every((word) => kind.text(item).includes(word)));
}

/** Draws a message again, whose look has changed. */
function changed(id) {
  tabs.messages.rows.delete(id);
  shownDetail = "";
  draw();
}

// MARK: Drawing

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawHeader();
    drawList();
    drawDetail();
  });
}

let knownNamespaces = "";

/** Offers the namespaces; rows that name theirs are drawn again when a second one appears. */
function drawNamespaces() {
  const names = namespaces();
  if (names.join() === knownNamespaces) return;
  knownNamespaces = names.join();
  const choice = byID("namespace");
  choice.hidden = !namespace && names.length < 2;
  choice.replaceChildren(make("option", { value: "" }, "All namespaces"),
    ...names.map((name) => make("option", { value: name, selected: name === namespace }, name)));
  for (const kind of Object.values(tabs)) kind.rows.clear();
}

function drawHeader() {
  drawNamespaces();
  const messages = [...tabs.messages.items.values()];
  const refused = [...tabs.requests.items.values()].filter(isBad).length;
  const cost = messages.reduce((sum, message) => sum + message.costMicros, 0);
  const segments = messages.reduce((sum, message) => sum + message.segments, 0);
  byID("message-count").textContent = messages.length;
  byID("request-count").textContent = tabs.requests.items.size;
  byID("refused-count").textContent = refused + " refused";
  byID("refused-count").hidden = refused === 0;
  byID("totals").textContent = messages.length ? plural(segments, "segment") + (cost ? " · cost " + price(cost) : "") : "";
  byID("totals").title = cost ? "By sample prices" : "";
  document.title = (messages.length ? "(" + messages.length + ") " : "") + "SMS inbox";
}

function drawList() {
  const kind = tabs[tab];
  const items = visibleItems();
  const rows = items.map((item) => {
    let row = kind.rows.get(item.id);
    if (!row) {
      const isFresh = item.freshUntil > Date.now();
      row = make(isFresh ? "li.row.fresh" : "li.row", { "data-id": item.id },
        make("button.open", { type: "button", "aria-label": kind.label(item), press: () => select(item.id, true) }), kind.row(item));
      if (isFresh) setTimeout((each) => each.classList.remove("fresh"), 1600, row);
      kind.rows.set(item.id, row);
    }
    const isCurrent = item.id === kind.current;
    row.dataset.current = String(isCurrent);
    row.querySelector(".open").setAttribute("aria-current", String(isCurrent));
    return row;
  });
  arrange(rows);
  const none = byID("none");
  none.hidden = items.length > 0;
  none.textContent = query && kind.items.size ? "Nothing matches the search."
    : tab === "messages" ? "Messages appear here." : "Requests to the gateway appear here, refused ones too.";
  const isEmpty = tab === "messages" && kind.items.size === 0;
  if (isEmpty) main.dataset.view = "empty";
  else if (main.dataset.view === "empty" || kind.current === null) main.dataset.view = "list";
}

/** Puts the rows into their order and moves none that stands right: one that is moved loses the focus. */
function arrange(rows) {
  const active = document.activeElement;
  const place = active?.closest?.(".row");
  const wanted = new Set(rows);
  for (const row of [...list.children]) if (!wanted.has(row)) row.remove();
  rows.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  // A row that was drawn anew has the focus of the one before it.
  if (!place || place.isConnected || list.dataset.tab !== tab) { list.dataset.tab = tab; return; }
  const row = rows.find((each) => each.dataset.id === place.dataset.id);
  (row && [...row.querySelectorAll("button")].find((button) => button.className === active.className))?.focus();
}

async function drawDetail() {
  const kind = tabs[tab];
  const item = kind.items.get(kind.current);
  const key = tab + " " + (item ? JSON.stringify({ ...item, freshUntil: 0 }) : "none " + (kind.items.size === 0));
  if (key === shownDetail) return;
  shownDetail = key;
  const back = make("button.back.small", { type: "button", press: leaveDetail }, "‹ Back");
  if (!item) {
    detail.replaceChildren(kind.items.size === 0 && tab === "messages" ? emptyState()
      : make("p.none", null, kind.items.size ? "Choose one from the list, or press j." : "Nothing was received yet."));
    return;
  }
  if (tab === "messages") {
    detail.replaceChildren(back, ...messageDetail(item).filter(Boolean));
    const place = detail.querySelector("[data-request]");
    const record = await fetchRecord(item.requestId);
    place.replaceChildren(...(record ? requestDetail(record, true).filter(Boolean)
      : [make("p.muted", null, "The request is not in the log any more.")]));
  } else {
    const record = await fetchRecord(item.requestId);
    if (shownDetail !== key) return;
    detail.replaceChildren(back, ...(record ? requestDetail(record).filter(Boolean) : [make("p.none", null, "It is not in the log any more.")]));
  }
}

function emptyState() {
  const content = byID("empty").content.cloneNode(true);
  const origin = location.origin;
  const texts = {
    environment: "export OTP_SMS_ENDPOINT=" + origin + "\nexport OTP_INBOX_URL=" + origin
      + "\nexport ALIBABA_CLOUD_ACCESS_KEY_ID=…\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET=…",
    otp: "otp issue +447700900123",
    curl: 'query="AccessKeyId=$ALIBABA_CLOUD_ACCESS_KEY_ID&Action=SendMessageToGlobe&Message=Your%20code%20is%20482913'
      + "&SignatureMethod=HMAC-SHA1&SignatureNonce=$(openssl rand -hex 16)&SignatureVersion=1.0"
      + '&Timestamp=$(date -u +%Y-%m-%dT%H%%3A%M%%3A%SZ)&To=6591234567&Version=2018-05-01"\n'
      + "signature=$(printf 'POST&%%2F&%s' \"$(printf %s \"$query\" | sed 's/%/%25/g; s/=/%3D/g; s/&/%26/g')\""
      + ' | openssl dgst -sha1 -hmac "$ALIBABA_CLOUD_ACCESS_KEY_SECRET&" -binary | openssl base64'
      + " | sed 's/+/%2B/g; s|/|%2F|g; s/=/%3D/g')\n"
      + 'curl -X POST "' + origin + '/?$query&Signature=$signature"',
  };
  for (const place of content.querySelectorAll("[data-snippet]")) {
    place.append(...snippet(texts[place.dataset.snippet], "Lines"));
  }
  return content;
}

// MARK: Moving

function select(id, opens) {
  tabs[tab].current = id;
  if (opens) main.dataset.view = "detail";
  draw();
  requestAnimationFrame(() => {
    const row = list.querySelector('[data-current="true"]');
    row?.scrollIntoView({ block: "nearest" });
    if (opens && isNarrow()) detail.focus();
    if (opens) detail.scrollTop = 0;
    else row?.querySelector(".open").focus();
  });
}

function move(step) {
  const items = visibleItems();
  if (!items.length) return;
  const index = items.findIndex((item) => item.id === tabs[tab].current);
  const next = index < 0 ? 0 : Math.min(Math.max(index + step, 0), items.length - 1);
  select(items[next].id, main.dataset.view === "detail" && isNarrow());
}

function leaveDetail() {
  main.dataset.view = "list";
  list.querySelector('[data-current="true"] .open')?.focus();
}

function show(name) {
  tab = name;
  shownDetail = "";
  main.dataset.view = "list";
  for (const each of Object.keys(tabs)) {
    const button = byID("tab-" + each);
    button.setAttribute("aria-selected", String(each === name));
    button.tabIndex = each === name ? 0 : -1;
  }
  list.setAttribute("aria-labelledby", "tab-" + name);
  if (list.contains(document.activeElement)) byID("tab-" + name).focus();
  draw();
}

function openMessage(id) {
  show("messages");
  select(id, true);
}

function askToClear() {
  const name = tab;
  const count = tabs[name].items.size;
  if (!count) { say("There is nothing to clear"); return; }
  const dialog = byID("confirm");
  byID("confirm-title").textContent = "Clear all " + name + "?";
  byID("confirm-text").textContent = plural(count, name.slice(0, -1)) + " will be removed for everyone who uses this " + (namespace ? "namespace." : "emulator.");
  dialog.returnValue = "no";
  dialog.onclose = async () => {
    if (dialog.returnValue === "yes") await fetch(api(name), { method: "DELETE" });
  };
  dialog.showModal();
  dialog.querySelector('[value="yes"]').focus();
}

const keys = {
  j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
  Enter: () => {
    if (tabs[tab].current === null) move(1);
    main.dataset.view = "detail";
    detail.focus();
  },
  Escape: () => {
    if (query) { query = byID("search").value = ""; draw(); }
    leaveDetail();
  },
  c: () => {
    const message = tabs.messages.items.get(tabs.messages.current) ?? (tab === "messages" ? visibleItems()[0] : undefined);
    if (message?.code) copy(message.code, "Code"); else say("There is no code to copy");
  },
  v: () => { if (tab === "messages" && tabs.messages.current !== null) reveal(tabs.messages.current); },
  "/": () => byID("search").focus(),
  1: () => show("messages"), 2: () => show("requests"),
  d: askToClear, "?": () => byID("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const isTyping = event.target === byID("search");
  if (isTyping && !["Escape", "ArrowDown", "Enter"].includes(event.key)) return;
  const target = event.target.closest?.("button, summary, a");
  // A key that presses what has the focus is left to it; a row is opened either way.
  if (["Enter", " "].includes(event.key) && target) return;
  if (["ArrowLeft", "ArrowRight"].includes(event.key) && target?.role === "tab") {
    const other = tab === "messages" ? "requests" : "messages";
    show(other);
    byID("tab-" + other).focus();
    return;
  }
  // Long texts scroll with the arrows once they have the focus.
  if (event.key.startsWith("Arrow") && detail.contains(event.target)) return;
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
  if (!action) return;
  event.preventDefault();
  if (isTyping) byID("search").blur();
  action();
});
byID("search").addEventListener("input", (event) => { query = event.target.value; draw(); });
byID("tab-messages").addEventListener("click", () => show("messages"));
byID("tab-requests").addEventListener("click", () => show("requests"));
byID("namespace").addEventListener("change", (event) => {
  location.search = event.target.value ? "?namespace=" + encodeURIComponent(event.target.value) : "";
});
byID("clear").addEventListener("click", askToClear);
byID("help").addEventListener("click", keys["?"]);

// MARK: The connection

function setState(state, text) {
  byID("state").dataset.state = state;
  byID("state").textContent = text;
}

/** What came while the lists are being read: it is newer than they are. */
let late = null;

async function reload() {
  const mine = late = [];
  try {
    const [messages, requests] = await Promise.all(["messages", "requests"].map(async (name) => {
      const answer = await fetch(api(name + "?limit=" + longest), { cache: "no-store" });
      return (await answer.json())[name];
    }));
    // Whoever began to read later reads newer lists.
    if (late !== mine) return;
    replaceAll("messages", messages);
    replaceAll("requests", requests);
    for (const again of mine) again();
    draw();
  } finally {
    if (late === mine) late = null;
  }
}

const handlers = {
  message: (message) => {
    put("messages", message, true);
    byID("news").textContent = "New message" + (message.code ? ", code " + [...message.code].join(" ") : "");
  },
  status: (message) => { if (tabs.messages.items.has(message.id)) put("messages", message); },
  request: (request) => put("requests", request, true),
  cleared: (what) => {
    if (what.messages) { clearItems("messages", what.namespace); revealed.clear(); }
    if (what.requests) { clearItems("requests", what.namespace); records.clear(); }
    if (what.message !== undefined) drop("messages", what.message);
  },
  reset: reload,
};

function connect() {
  const source = new EventSource(api("events"));
  // Events may have been missed while there was no connection, so the lists are read again whenever one is made.
  source.onopen = () => reload().then(() => setState("live", "live"), () => setState("lost", "not readable"));
  source.onerror = () => {
    setState("lost", "emulator not reachable");
    // The browser comes back by itself after a lost connection, but not after an answer that is an error.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  };
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      if (kind !== "reset") late?.push(() => handle(data));
      handle(data);
      draw();
    });
  }
}

draw();
connect();
