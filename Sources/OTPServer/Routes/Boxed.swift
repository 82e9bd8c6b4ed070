// SPDX-License-Identifier: Apache-2.0

/// A class that contains one value, so that a copy retains one reference instead of all references in the value.
final class Boxed<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
