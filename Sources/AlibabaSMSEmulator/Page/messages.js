// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A message in the list, and its details.

import { remove } from "./api.js";
import { card, clock, copy, facts, make } from "./elements.js";
import { masked, plural, price, region } from "./formats.js";
import { namespaceTag, revealed, toggleNumber } from "./lists.js";

/** @typedef {import("./api.js").Message} Message */

/** @type {Record<string, string>} */
const statusNames = { accepted: "Accepted", submitted: "Submitted", delivered: "Delivered", failed: "Failed", expired: "Expired" };
/** @type {Record<string, string>} */
const eventNames = {
  ...statusNames, reportAccepted: "Delivery report accepted", reportRejected: "Delivery report rejected",
  conversion: "Conversion reported",
};
/** @type {Record<string, string>} */
const ruleNames = {
  originBound: "From the last line, which binds the code to a website.",
  digits: "The digits with the best match to a keyword such as “code”.",
  alphanumeric: "The letters and digits with the best match to a keyword such as “code”.",
};
/** @type {Record<string, string>} */
const encodingNames = { gsm7: "GSM-7", ucs2: "UCS-2" };
/** @type {Record<string, { single: number, joined: number }>} */
const segmentSizes = { gsm7: { single: 160, joined: 153 }, ucs2: { single: 70, joined: 67 } };
const maximumBars = 20;

/** @param {Message} message */
const encoding = (message) => encodingNames[message.encoding] || message.encoding;

/** @param {Message} message */
const sender = (message) => message.template ? message.from + " · " + message.template.code : message.from;

/** @param {Message} message */
const status = (message) => statusNames[message.status] || message.status;

/** @param {Message} message */
function recipient(message) {
  const isShown = revealed.has(message.id);
  return make("button.to", {
    type: "button", "aria-pressed": String(isShown), title: isShown ? "Hide the number" : "Show the number",
    press: () => toggleNumber(message.id),
  }, isShown ? message.to : masked(message.to));
}

/** @param {Message} message */
export const copyCode = (message) => copy(message.code ?? "", "Code");

/** @param {Message} message */
function codeChip(message) {
  return message.code && make("button.chip", {
    type: "button", "aria-label": "Copy the code " + message.code, title: "Copy the code", press: () => copyCode(message),
  }, message.code, make("small", null, "copy"));
}

/** @param {Message} message */
function figures(message) {
  return plural(message.segments, "segment") + " · " + encoding(message)
    + (message.costMicros ? " · " + price(message.costMicros) : "");
}

/** @param {Message} message */
export function messageRow(message) {
  const place = region(message.region);
  return [
    make("div.line", null,
      make("span.flag", { title: place.name }, place.flag + " " + place.code), recipient(message),
      make("span.from", null, sender(message) ? "from " + sender(message) : ""), namespaceTag(message),
      clock(message.receivedAt)),
    make("p.excerpt", null, message.text),
    make("div.line", null,
      codeChip(message),
      message.type && make("span.tag.type", null, message.type),
      make("span.figures.shrinks", null, figures(message)),
      make("span.status.end", { "data-status": message.status }, status(message))),
  ];
}

/** @param {Message} message */
export function messageLabel(message) {
  return "Message to " + masked(message.to) + ", " + (message.code ? "code " + message.code + ", " : "") + message.status;
}

/**
 * Returns the text in which the search looks for a match.
 * @param {Message} message
 */
export const messageText = (message) => [
  message.text, message.to, message.from, message.code, message.template?.code, message.messageId, message.region,
  region(message.region).name, message.status, message.type, message.namespace,
].join(" ").toLowerCase();

/** @param {Message} message */
export function messageDetail(message) {
  return [
    head(message),
    make("p.bubble", null, message.text),
    codeLine(message),
    make("div.columns", null, messageCard(message), segmentCard(message)),
    card("Delivery", make("ol.timeline", null, message.timeline.map((event) => make("li", { "data-kind": event.kind },
      clock(event.at, true), make("strong", null, eventNames[event.kind] || event.kind),
      event.detail && make("span.muted", null, event.detail))))),
    make("div", { "data-request": message.requestId }, make("p.muted", null, "Loading…")),
  ];
}

/** @param {Message} message */
function head(message) {
  const place = region(message.region);
  return make("div.head", null,
    make("h2", null, recipient(message)),
    make("span.flag", null, place.flag + " " + place.name),
    make("span.status", { "data-status": message.status }, status(message)),
    make("div.buttons", null,
      make("button.small", { type: "button", press: () => copy(message.text, "Text") }, "Copy text"),
      make("button.small", { type: "button", press: () => remove("messages/" + message.id) }, "Delete")));
}

/** @param {Message} message */
function codeLine(message) {
  if (!message.code) return make("p.code", null, make("span.muted", null, "This text contains no code."));
  return make("div.code", null, make("output", null, message.code),
    make("button", { type: "button", press: () => copyCode(message) }, "Copy ", make("kbd", { "aria-hidden": "true" }, "c")),
    make("p", null, ruleNames[message.codeRule ?? ""] || ""));
}

/** @param {Message} message */
function messageCard(message) {
  const values = Object.entries(message.template?.parameters ?? {}).map(([name, value]) => name + " = " + value);
  return card("Message", facts([
    ["From", message.from], ["Namespace", message.namespace],
    ["Received", new Date(message.receivedAt).toLocaleString("en-GB")],
    ["Action", message.action], ["Type", message.type],
    ["Template", message.template?.code], ["Parameters", values.join(", ")],
    ["Task ID", message.taskId], ["Validity", message.validityPeriod && message.validityPeriod + " s"],
    ["Message ID", message.messageId, true],
  ]));
}

/** @param {Message} message */
function segmentCard(message) {
  return card("Segments", meter(message), facts([
    ["Encoding", encoding(message)], ["Length", plural(message.units, "unit")], ["Segments", String(message.segments)],
    ["Space left", plural(message.unitsLeft, "unit")],
    ["Cost", message.costMicros ? price(message.costMicros) + " (sample price)" : undefined],
  ]));
}

/**
 * Creates one bar for each segment, filled like the segment.
 * @param {Message} message
 */
function meter(message) {
  const sizes = segmentSizes[message.encoding] || segmentSizes.ucs2;
  const size = message.segments === 1 ? sizes.single : sizes.joined;
  const bars = [];
  for (let segment = 0; segment < Math.min(message.segments, maximumBars); segment += 1) {
    const isLast = segment === message.segments - 1;
    const value = String(isLast ? size - message.unitsLeft : size);
    bars.push(make("progress", { max: String(size), value, "aria-label": "Segment " + (segment + 1) }));
  }
  return make("div.meter", null, bars);
}
