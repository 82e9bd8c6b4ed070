// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Formats values for people.

/**
 * @param {number} count
 * @param {string} noun
 */
export const plural = (count, noun) => count + " " + noun + (count === 1 ? "" : "s");

/**
 * Returns an amount in the account's currency. The number of decimals is fixed, so that amounts in a column align.
 * @param {number} micros Millionths of the currency.
 */
export const price = (micros) => (micros / 1e6).toFixed(4);

/** @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + ".";

// Country calling codes of one and two digits (ITU-T E.164). All others have three digits.
const callingCode = /^\+([17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/**
 * Returns a phone number without its middle digits.
 * @param {string} number A number in E.164 format.
 */
export const masked = (number) => (number.match(callingCode) || [number.slice(0, 3)])[0] + " •••• " + number.slice(-2);

const regionNames = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

/**
 * Returns the flag and the English name of a region.
 * @param {string} [code] An ISO 3166-1 code.
 */
export function region(code) {
  if (!code) return { flag: "", name: "unknown region", code: "" };
  const letters = [...code].map((letter) => String.fromCodePoint(0x1f1a5 + (letter.codePointAt(0) ?? 0)));
  return { flag: letters.join(""), name: regionName(code), code };
}

/** @param {string} code */
function regionName(code) {
  try {
    return regionNames.of(code) ?? code;
  } catch {
    // `Intl.DisplayNames` throws an error for a malformed code.
    return code;
  }
}
