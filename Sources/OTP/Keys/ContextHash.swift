// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The hash of a context: a list of strings to which a code is bound, such as an amount and a payee.
///
/// The hash of an empty list is empty. Each string is preceded by its length, so that different lists never have the same hash
/// input.
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
