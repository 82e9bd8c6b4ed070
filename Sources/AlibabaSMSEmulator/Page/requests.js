// A request in the list, and in full.

const outcomeNames = { pending: "Waiting", accepted: "Accepted", refused: "Refused", unanswered: "No answer" };

const requestStatus = (request) => make("span.status", {
  "data-status": request.outcome === "accepted" ? "accepted-request" : request.outcome,
}, outcomeNames[request.outcome] || request.outcome);

const duration = (request) => request.milliseconds === undefined ? "" : request.milliseconds.toFixed(1) + " ms";

const isBad = (request) => request.outcome === "refused" || request.outcome === "unanswered";

/** What matters most: why it was refused, or else what it was. */
const title = (request) => isBad(request) ? request.code || outcomeNames[request.outcome] : request.action || "no action";

function requestRow(request) {
  return [
    make("div.line", null, make("strong.title", null, title(request)), requestStatus(request), clock(request.receivedAt)),
    make("p.reason", null, namespaceTag(request), isBad(request) ? (request.action || "no action") + " · " : "", request.accessKeyId || "no AccessKey"),
    // What the emulator adds to the reason of a wrong signature is the finding that stands below.
    isBad(request) && request.reason && request.code !== "SignatureDoesNotMatch" && make("p.reason", null, request.reason),
    isBad(request) && request.findings.length > 0
      && make("p.cause", null, sentence(request.findings.map((finding) => finding.text).join(", and "))),
    make("div.line", null,
      make("span.figures", null, ["HTTP " + (request.status ?? "–"), duration(request)].filter(Boolean).join(" · ")),
      request.messageIds.length > 0 && make("span.tag.end", null, plural(request.messageIds.length, "message"))),
  ];
}

const requestLabel = (request) => "Request " + request.id + ", " + (request.action || "no action") + ", " + (request.code || outcomeNames[request.outcome]);

const requestText = (request) => [
  request.action, request.code, request.reason, request.namespace, request.accessKeyId, request.requestId, request.outcome,
  ...request.messageIds, ...request.findings.map((finding) => finding.text),
].join(" ").toLowerCase();

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + ".";

/** Full records do not change once they are answered, so each is fetched once. */
const records = new Map();

async function fetchRecord(id) {
  if (records.has(id)) return records.get(id);
  const answer = await fetch(api("requests/" + encodeURIComponent(id)), { cache: "no-store" });
  if (!answer.ok) return null;
  const record = await answer.json();
  if (record.outcome !== "pending") {
    records.set(id, record);
    if (records.size > 50) records.delete(records.keys().next().value);
  }
  return record;
}

function requestDetail(record, isPart) {
  const links = record.messageIds.map((id) => messageByGatewayID(id)).filter(Boolean);
  return [
    !isPart && make("div.head", null,
      make("h2", null, title(record)), requestStatus(record),
      make("div.buttons", null, links.slice(0, 3).map((message) => make("button.small", {
        type: "button", press: () => openMessage(message.id),
      }, "Message " + message.id)))),
    !isPart && isBad(record) && record.reason && make("p.bubble.spaced", null, record.reason),
    ...(record.signature && !record.signature.matches ? [signatureCard(record), receivedCard(record, isPart)]
      : [receivedCard(record, isPart), signatureCard(record)]),
  ];
}

function receivedCard(record, isPart) {
  return card(isPart ? "Request" : "What was received", facts([
    ["Action", record.action], ["Version", record.version], ["AccessKey", record.accessKeyId, true],
    ["Namespace", record.namespace],
    ["Answer", "HTTP " + (record.status ?? "–") + (record.code ? " · " + record.code : "") + (duration(record) ? " · " + duration(record) : "")],
    ["Body", plural(record.bodyLength, "byte")], ["Request ID", record.requestId, true],
  ]),
  record.parameters.length > 0 && make("h4", null, "Parameters"),
  facts(record.parameters.map((field) => [field.name, field.value || "(empty)", true])),
  make("details", { open: !isPart && !record.signature?.received }, make("summary", null, "As it was written"),
    textBlock(record.method + " " + record.path + (record.query ? "?" + record.query : "") + " HTTP/1.1\n"
      + record.headers.map((field) => field.name + ": " + field.value).join("\n"))));
}

function signatureCard(record) {
  const signature = record.signature;
  if (!signature) {
    return card("Signature", make("div.verdict", null, record.scheme
      ? "It cannot be compared: the AccessKey is not known here."
      : "The request carries no signature that can be read."));
  }
  const findings = signature.findings.map((finding) => make("li", null, sentence(finding.text)));
  const verdict = signature.matches
    ? make("div.verdict.good", null, "The signature is right: " + signature.algorithm + ".")
    : findings.length
      ? make("div.verdict", null, make("ul", null, findings))
      : make("div.verdict", null, "The signature is wrong, and no known mistake explains it.",
        make("p", null, "Compare the expected texts below with those that your code makes, line by line."));
  if (!signature.expected) return card("Signature", verdict);
  const received = signature.matches ? undefined : signature.received;
  const older = signature.algorithm === "HMAC-SHA1";
  const steps = [
    make("h4", null, "String to sign"), sides(signature.expected.stringToSign, received?.stringToSign),
    make("h4", null, older ? "Canonical query" : "Canonical request"),
    sides(signature.expected.canonicalRequest, received?.canonicalRequest),
    make("h4", null, "Signature"),
    sides(signature.expected.signature, signature.matches ? undefined : signature.receivedSignature),
  ];
  return card("Signature", verdict, signature.matches
    ? make("details", null, make("summary", null, older ? "Canonical query and string to sign" : "Canonical request and string to sign"), steps)
    : steps);
}

/** The expected text and, if it is another one, the received one beside it. */
function sides(expected, received) {
  if (received === undefined) return make("div.sides.single", null, textBlock(expected));
  return make("div.sides", null,
    make("figure.side", null, make("figcaption", null, "Expected"), textBlock(expected, received, true)),
    make("figure.side", null, make("figcaption", null, expected === received ? "Received: the same" : "Received"),
      textBlock(received, expected)));
}
