// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OperatorReports

extension EventReport {
    /// The audit event as lines of text.
    var text: String {
        let values = self.values.sorted { $0.key < $1.key }.map { "  \($0.key): \(TerminalText.escaped($0.value))" }
        return (["\(self.kind) at \(self.time.rfc3339)"] + values).joined(separator: "\n")
    }
}
