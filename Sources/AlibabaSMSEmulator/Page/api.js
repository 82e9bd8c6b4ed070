// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The emulator's REST API, and the types of its responses.

/**
 * @typedef {object} TimelineEvent
 * @property {string} kind
 * @property {string} at
 * @property {string} [detail]
 *
 * @typedef {object} Message
 * @property {number} id
 * @property {string} namespace
 * @property {string} messageId
 * @property {string} requestId
 * @property {string} to
 * @property {string} [from]
 * @property {string} text
 * @property {string} [type]
 * @property {string} [taskId]
 * @property {number} [validityPeriod] In seconds.
 * @property {string} receivedAt
 * @property {string} encoding `gsm7` or `ucs2`.
 * @property {number} segments
 * @property {number} units
 * @property {number} unitsLeft
 * @property {string} [region]
 * @property {string} [code]
 * @property {string} [codeRule]
 * @property {string} action
 * @property {{ code: string, parameters: Record<string, string> }} [template]
 * @property {number} costMicros
 * @property {string} status
 * @property {TimelineEvent[]} timeline
 * @property {number} [freshUntil] Set by the page: the end of the highlight of a new row.
 *
 * @typedef {object} RequestFields
 * @property {number} id
 * @property {string} namespace
 * @property {string} requestId
 * @property {string} receivedAt
 * @property {string} method
 * @property {string} [action]
 * @property {string} [accessKeyId]
 * @property {string} [scheme]
 * @property {string} outcome
 * @property {number} [status]
 * @property {string} [code]
 * @property {string} [reason]
 * @property {string[]} messageIds
 * @property {number} [milliseconds]
 * @property {number} [freshUntil] Set by the page: the end of the highlight of a new row.
 *
 * @typedef {{ text: string }} Finding
 *
 * @typedef {RequestFields & { findings: Finding[] }} RequestSummary
 *
 * @typedef {{ name: string, value: string }} Field
 *
 * @typedef {object} SignatureTexts
 * @property {string} canonicalRequest
 * @property {string} stringToSign
 *
 * @typedef {object} Signature
 * @property {string} algorithm
 * @property {boolean} matches
 * @property {Finding[]} findings
 * @property {SignatureTexts & { signature: string }} [expected]
 * @property {SignatureTexts} [received]
 * @property {string} [receivedSignature]
 *
 * @typedef {object} RecordDetails
 * @property {string} path
 * @property {string} query
 * @property {string} [version]
 * @property {Field[]} headers
 * @property {Field[]} parameters
 * @property {number} bodyLength
 * @property {Signature} [signature]
 *
 * @typedef {RequestFields & RecordDetails} RequestRecord
 */

/** The maximum number of messages, and of requests, that the page shows. */
export const maximumCount = 500;

/** The namespace that the page shows, or an empty string for all namespaces. */
export const namespace = new URLSearchParams(location.search).get("namespace") || "";

/**
 * Returns the URL of an API call, limited to the namespace that the page shows.
 * @param {string} path
 */
function url(path) {
  const separator = path.includes("?") ? "&" : "?";
  return "/api/v1/" + path + (namespace ? separator + "namespace=" + encodeURIComponent(namespace) : "");
}

/**
 * Returns all messages or requests.
 * @param {"messages" | "requests"} name
 */
export async function fetchList(name) {
  const response = await fetch(url(name + "?limit=" + maximumCount), { cache: "no-store" });
  return (await response.json())[name];
}

/**
 * Deletes all messages, all requests, or one of them.
 * @param {string} path
 */
export async function remove(path) {
  await fetch(url(path), { method: "DELETE" });
}

export const openEvents = () => new EventSource(url("events"));

/** Complete records, keyed by request ID. A record no longer changes after its response. */
const records = new Map();
const maximumRecords = 50;

export const forgetRecords = () => records.clear();

/**
 * Returns the complete record of a request, or `null` if the log no longer contains it.
 * @param {string} id
 * @returns {Promise<RequestRecord | null>}
 */
export async function fetchRecord(id) {
  if (records.has(id)) return records.get(id);
  const response = await fetch(url("requests/" + encodeURIComponent(id)), { cache: "no-store" });
  if (!response.ok) return null;
  const record = await response.json();
  if (record.outcome !== "pending") {
    records.set(id, record);
    if (records.size > maximumRecords) records.delete(records.keys().next().value);
  }
  return record;
}
