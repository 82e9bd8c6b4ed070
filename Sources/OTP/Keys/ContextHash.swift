// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The hash of a context, a list of strings; empty if the list is.
///
/// Each string is preceded by its length, so two different lists never share a hash input.
struct ContextHash: Sendable, Hashable {
    let bytes: [UInt8]

    var isEmpty: Bool { self.bytes.isEmpty }

    init(_ context: [String]) {
        guard !context.isEmpty else {
            self.bytes = []
            return
        }
        var fields = FieldEncoding()
        for value in context { fields.append(value) }
        self.bytes = Array(SHA256.hash(data: fields.bytes))
    }
}
