// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The details that the page shows while the inbox is empty: commands that send a message to this emulator.

import { byID, snippet } from "./elements.js";

const environment = (/** @type {string} */ origin) => `export OTP_SMS_ENDPOINT=${origin}
export OTP_INBOX_URL=${origin}
export ALIBABA_CLOUD_ACCESS_KEY_ID=…
export ALIBABA_CLOUD_ACCESS_KEY_SECRET=…`;

// Signs a request with HMAC-SHA1. `sed` percent-encodes the string to sign and the signature.
const curl = (/** @type {string} */ origin) => [
  'query="AccessKeyId=$ALIBABA_CLOUD_ACCESS_KEY_ID&Action=SendMessageToGlobe&Message=Your%20code%20is%20482913'
    + "&SignatureMethod=HMAC-SHA1&SignatureNonce=$(openssl rand -hex 16)&SignatureVersion=1.0"
    + '&Timestamp=$(date -u +%Y-%m-%dT%H%%3A%M%%3A%SZ)&To=6591234567&Version=2018-05-01"',
  "signature=$(printf 'POST&%%2F&%s' \"$(printf %s \"$query\" | sed 's/%/%25/g; s/=/%3D/g; s/&/%26/g')\""
    + ' | openssl dgst -sha1 -hmac "$ALIBABA_CLOUD_ACCESS_KEY_SECRET&" -binary | openssl base64'
    + " | sed 's/+/%2B/g; s|/|%2F|g; s/=/%3D/g')",
  'curl -X POST "' + origin + '/?$query&Signature=$signature"',
].join("\n");

/** Creates the content of the details of an empty inbox. */
export function emptyState() {
  const template = /** @type {HTMLTemplateElement} */ (byID("empty"));
  const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  /** @type {Record<string, string>} */
  const texts = {
    environment: environment(location.origin), otp: "otp issue +447700900123", curl: curl(location.origin),
  };
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("[data-snippet]"))) {
    place.append(...snippet(texts[place.dataset.snippet ?? ""]));
  }
  return content;
}
