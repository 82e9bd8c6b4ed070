// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A request in the list, and its details.

import { comparison, textBlock } from "./comparison.js";
import { card, clock, facts, make } from "./elements.js";
import { plural, sentence } from "./formats.js";
import { messageByGatewayID, namespaceTag } from "./lists.js";

/** @typedef {import("./api.js").RequestFields} RequestFields */
/** @typedef {import("./api.js").RequestSummary} RequestSummary */
/** @typedef {import("./api.js").RequestRecord} RequestRecord */

/** @type {Record<string, string>} */
const outcomeNames = { pending: "Pending", accepted: "Accepted", rejected: "Rejected", noResponse: "No response" };
const noAction = "no action";
const maximumLinks = 3;

/** @param {RequestFields} request */
const outcome = (request) => outcomeNames[request.outcome] || request.outcome;

/** @param {RequestFields} request */
const status = (request) => make("span.status", {
  "data-status": request.outcome === "accepted" ? "accepted-request" : request.outcome,
}, outcome(request));

/** @param {RequestFields} request */
const duration = (request) => request.milliseconds === undefined ? "" : request.milliseconds.toFixed(1) + " ms";

/** @param {RequestFields} request */
const httpStatus = (request) => "HTTP " + (request.status ?? "–");

/**
 * Returns whether the gateway rejected the request or did not respond.
 * @param {RequestFields} request
 */
export const isFailed = (request) => request.outcome === "rejected" || request.outcome === "noResponse";

/**
 * Returns the error code of a failed request, or the action.
 * @param {RequestFields} request
 */
const title = (request) => isFailed(request) ? request.code || outcome(request) : request.action || noAction;

/** @param {RequestSummary} request */
export function requestRow(request) {
  const failed = isFailed(request);
  return [
    make("div.line", null, make("strong.title", null, title(request)), status(request), clock(request.receivedAt)),
    make("p.reason", null, namespaceTag(request), failed ? (request.action || noAction) + " · " : "",
      request.accessKeyId || "no AccessKey"),
    // The reason of a signature mismatch repeats the findings, which are shown below.
    failed && request.reason && request.code !== "SignatureDoesNotMatch" && make("p.reason", null, request.reason),
    failed && request.findings.length > 0
      && make("p.cause", null, sentence(request.findings.map((finding) => finding.text).join(", and "))),
    make("div.line", null,
      make("span.figures", null, [httpStatus(request), duration(request)].filter(Boolean).join(" · ")),
      request.messageIds.length > 0 && make("span.tag.end", null, plural(request.messageIds.length, "message"))),
  ];
}

/** @param {RequestSummary} request */
export function requestLabel(request) {
  return "Request " + request.id + ", " + (request.action || noAction) + ", " + (request.code || outcome(request));
}

/**
 * Returns the text in which the search looks for a match.
 * @param {RequestSummary} request
 */
export const requestText = (request) => [
  request.action, request.code, request.reason, request.namespace, request.accessKeyId, request.requestId, request.outcome,
  ...request.messageIds, ...request.findings.map((finding) => finding.text),
].join(" ").toLowerCase();

/**
 * Creates the cards of a request, without a title, for the details of a message.
 * @param {RequestRecord} record
 */
export function requestCards(record) {
  return cards(record, true);
}

/**
 * Creates the details of a request.
 * @param {RequestRecord} record
 * @param {(id: number) => void} openMessage Shows a message of the request.
 */
export function requestDetail(record, openMessage) {
  const messages = record.messageIds.flatMap((id) => messageByGatewayID(id) ?? []).slice(0, maximumLinks);
  return [
    make("div.head", null,
      make("h2", null, title(record)), status(record),
      make("div.buttons", null, messages.map((message) => make("button.small", {
        type: "button", press: () => openMessage(message.id),
      }, "Message " + message.id)))),
    isFailed(record) && record.reason && make("p.bubble.spaced", null, record.reason),
    ...cards(record, false),
  ];
}

/**
 * @param {RequestRecord} record
 * @param {boolean} isPart
 */
function cards(record, isPart) {
  const both = [requestCard(record, isPart), signatureCard(record)];
  return record.signature && !record.signature.matches ? both.reverse() : both;
}

/**
 * @param {RequestRecord} record
 * @param {boolean} isPart Whether the card is part of the details of a message.
 */
function requestCard(record, isPart) {
  const response = [httpStatus(record), record.code, duration(record)].filter(Boolean).join(" · ");
  const requestLine = record.method + " " + record.path + (record.query ? "?" + record.query : "") + " HTTP/1.1";
  const lines = [requestLine, ...record.headers.map((field) => field.name + ": " + field.value)];
  return card("Request", facts([
    ["Action", record.action], ["Version", record.version], ["AccessKey", record.accessKeyId, true],
    ["Namespace", record.namespace], ["Response", response],
    ["Body", plural(record.bodyLength, "byte")], ["Request ID", record.requestId, true],
  ]),
  record.parameters.length > 0 && make("h4", null, "Parameters"),
  facts(record.parameters.map((field) => [field.name, field.value || "(empty)", true])),
  make("details", { open: !isPart && !record.signature?.received }, make("summary", null, "Raw request"),
    textBlock(lines.join("\n"))));
}

/** @param {RequestRecord} record */
function signatureCard(record) {
  const signature = record.signature;
  if (!signature) {
    return card("Signature", make("div.verdict", null, record.scheme
      ? "Not verified: the emulator does not know the AccessKey."
      : "The request contains no valid Authorization header or signature parameters."));
  }
  if (!signature.expected) return card("Signature", verdict(signature));
  const texts = signature.algorithm === "HMAC-SHA1" ? "Canonical query" : "Canonical request";
  const received = signature.matches ? undefined : signature.received;
  const steps = [
    make("h4", null, "String to sign"), comparison(signature.expected.stringToSign, received?.stringToSign),
    make("h4", null, texts), comparison(signature.expected.canonicalRequest, received?.canonicalRequest),
    make("h4", null, "Signature"),
    comparison(signature.expected.signature, signature.matches ? undefined : signature.receivedSignature),
  ];
  return card("Signature", verdict(signature), signature.matches
    ? make("details", null, make("summary", null, texts + " and string to sign"), steps)
    : steps);
}

/** @param {import("./api.js").Signature} signature */
function verdict(signature) {
  if (signature.matches) return make("div.verdict.good", null, "Valid signature: " + signature.algorithm + ".");
  const findings = signature.findings.map((finding) => make("li", null, sentence(finding.text)));
  if (findings.length) return make("div.verdict", null, make("ul", null, findings));
  return make("div.verdict", null, "Invalid signature. No known mistake explains it.",
    make("p", null, "Compare the expected texts below with the texts that your code produces, line by line."));
}
