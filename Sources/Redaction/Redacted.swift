// SPDX-License-Identifier: Apache-2.0

/// A type that is safe to print and to log.
///
/// Its `description` contains no secret. Its mirror has no children, so `dump` and `String(reflecting:)` show no stored
/// property.
///
/// A file with a conforming public type needs `public import Redaction`. Users of the package see only the conformances to
/// `CustomStringConvertible` and `CustomReflectable`, because the module `Redaction` is not a product.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
