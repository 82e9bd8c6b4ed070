// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Shows an expected and a received text side by side, with the first difference marked.

import { make } from "./elements.js";

/**
 * Makes control characters visible.
 * @param {string} line
 */
const visible = (line) => line.replaceAll("\r", "␍").replaceAll("\t", "⇥");

/**
 * Returns the index of the first line that differs, or -1 if `lines` is the beginning of `others`.
 * @param {string[]} lines
 * @param {string[]} others
 */
function firstDifference(lines, others) {
  return lines.findIndex((line, index) => line !== others[index]);
}

/**
 * Creates a line whose different middle part is marked.
 * @param {string} line
 * @param {string} other
 */
function differingLine(line, other) {
  let start = 0;
  while (start < line.length && start < other.length && line[start] === other[start]) start += 1;
  let end = 0;
  while (end < line.length - start && end < other.length - start
    && line[line.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  // Marks at least one character, so that the difference is visible even if characters are only missing from this line.
  const stop = Math.max(line.length - end, Math.min(start + 1, line.length));
  return make("span.differs", null, visible(line.slice(0, start)),
    make("mark", null, visible(line.slice(start, stop)) || "⏎"), visible(line.slice(stop)));
}

/**
 * Creates a block of lines.
 * @param {string} text
 * @param {string} [other] A text to compare with; the first difference is marked.
 * @param {string} [classes] Additional classes of the block, each with a dot.
 */
export function textBlock(text, other, classes = "") {
  const block = make("pre.text" + classes, { tabindex: "0" });
  const lines = text.split("\n");
  const others = other === undefined ? lines : other.split("\n");
  const first = firstDifference(lines, others);
  lines.forEach((line, index) => {
    block.append(index === first ? differingLine(line, others[index] ?? "") : make("span", null, visible(line)));
  });
  return block;
}

/**
 * Creates the expected text, and next to it the received text if there is one.
 * @param {string} expected
 * @param {string} [received]
 */
export function comparison(expected, received) {
  if (received === undefined) return make("div.sides.single", null, textBlock(expected));
  return make("div.sides", null,
    make("figure.side", null, make("figcaption", null, "Expected"), textBlock(expected, received, ".right")),
    make("figure.side", null, make("figcaption", null, expected === received ? "Received (identical)" : "Received"),
      textBlock(received, expected)));
}
