// SPDX-License-Identifier: Apache-2.0

/// A value in an object.
///
/// A copy retains one reference, instead of all references that the value contains.
final class Boxed<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
