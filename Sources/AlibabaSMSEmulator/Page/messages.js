// A message in the list, and in full.

const statusNames = { accepted: "Accepted", submitted: "Submitted", delivered: "Delivered", failed: "Failed", expired: "Expired" };
const eventNames = {
  ...statusNames, reportTaken: "Delivery report taken", reportRefused: "Delivery report not taken",
  conversion: "Conversion reported",
};
const ruleNames = {
  originBound: "From the last line, which binds the code to a website.",
  digits: "The digits that fit best to a word such as “code”.",
  alphanumeric: "The letters and digits that fit best to a word such as “code”.",
};
const encodingNames = { gsm7: "GSM-7", ucs2: "UCS-2" };

/** The numbers of the messages whose recipients are shown in full. */
const revealed = new Set();

function recipient(message) {
  const isShown = revealed.has(message.id);
  return make("button.to", {
    type: "button", "aria-pressed": String(isShown), title: isShown ? "Hide the number" : "Show the number",
    press: () => reveal(message.id),
  }, isShown ? message.to : masked(message.to));
}

function reveal(id) {
  if (!revealed.delete(id)) revealed.add(id);
  changed(id);
}

const segments = (message) => plural(message.segments, "segment") + " · " + (encodingNames[message.encoding] || message.encoding);

const sender = (message) => message.template ? message.from + " · " + message.template.code : message.from;

function messageRow(message) {
  const place = region(message.region);
  return [
    make("div.line", null,
      make("span.flag", { title: place.name }, place.flag + " " + place.code), recipient(message),
      make("span.from", null, sender(message) ? "from " + sender(message) : ""), namespaceTag(message),
      clock(message.receivedAt)),
    make("p.excerpt", null, message.text),
    make("div.line", null,
      message.code && make("button.chip", {
        type: "button", "aria-label": "Copy the code " + message.code, title: "Copy the code",
        press: () => copy(message.code, "Code"),
      }, message.code, make("small", null, "copy")),
      message.type && make("span.tag.type", null, message.type),
      make("span.figures.shrinks", null, segments(message) + (message.costMicros ? " · " + price(message.costMicros) : "")),
      make("span.status.end", { "data-status": message.status }, statusNames[message.status] || message.status)),
  ];
}

const messageLabel = (message) => "Message to " + masked(message.to) + ", " + (message.code ? "code " + message.code + ", " : "") + message.status;

const messageText = (message) => [
  message.text, message.to, message.from, message.code, message.template?.code, message.messageId, message.region,
  region(message.region).name, message.status, message.type, message.namespace,
].join(" ").toLowerCase();

function messageDetail(message) {
  const place = region(message.region);
  return [
    make("div.head", null,
      make("h2", null, recipient(message)),
      make("span.flag", null, place.flag + " " + place.name),
      make("span.status", { "data-status": message.status }, statusNames[message.status] || message.status),
      make("div.buttons", null,
        make("button.small", { type: "button", press: () => copy(message.text, "Text") }, "Copy text"),
        make("button.small", { type: "button", press: () => removeMessage(message.id) }, "Delete"))),
    make("p.bubble", null, message.text),
    message.code
      ? make("div.code", null, make("output", null, message.code),
        make("button", { type: "button", press: () => copy(message.code, "Code") }, "Copy ", make("kbd", { "aria-hidden": "true" }, "c")),
        make("p", null, ruleNames[message.codeRule] || ""))
      : make("p.code", null, make("span.muted", null, "No code was found in this text.")),
    make("div.columns", null,
      card("Message", facts([
        ["From", message.from], ["Namespace", message.namespace], ["Received", new Date(message.receivedAt).toLocaleString("en-GB")],
        ["Action", message.action], ["Type", message.type],
        ["Template", message.template && message.template.code],
        ["Values", message.template && Object.entries(message.template.parameters).map(([name, value]) => name + " = " + value).join(", ")],
        ["Task", message.taskId], ["Valid for", message.validityPeriod && message.validityPeriod + " s"],
        ["Message ID", message.messageId, true],
      ])),
      card("Segments", meter(message), facts([
        ["Encoding", encodingNames[message.encoding] || message.encoding],
        ["Length", plural(message.units, "unit")], ["Segments", String(message.segments)],
        ["Left in the last", plural(message.unitsLeft, "unit")],
        ["Cost", message.costMicros ? price(message.costMicros) + " (sample price)" : undefined],
      ]))),
    card("Delivery", make("ol.timeline", null, message.timeline.map((event) => make("li", { "data-kind": event.kind },
      clock(event.at, true), make("strong", null, eventNames[event.kind] || event.kind),
      event.detail && make("span.muted", null, event.detail))))),
    make("div", { "data-request": message.requestId }, make("p.muted", null, "Loading…")),
  ];
}

const segmentSizes = { gsm7: [160, 153], ucs2: [70, 67] };

/** One bar for each segment, as full as the segment is. */
function meter(message) {
  const size = (segmentSizes[message.encoding] || segmentSizes.ucs2)[message.segments === 1 ? 0 : 1];
  const bars = [];
  for (let segment = 0; segment < Math.min(message.segments, 20); segment += 1) {
    const isLast = segment === message.segments - 1;
    bars.push(make("progress", { max: size, value: isLast ? size - message.unitsLeft : size, "aria-label": "Segment " + (segment + 1) }));
  }
  return make("div.meter", null, bars);
}

async function removeMessage(id) {
  await fetch(api("messages/" + id), { method: "DELETE" });
}
