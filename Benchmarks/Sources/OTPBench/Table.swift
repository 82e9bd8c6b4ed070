// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Returns a text padded with spaces to a width.
func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
}

/// Returns a number with a fixed number of decimals.
func format(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}
