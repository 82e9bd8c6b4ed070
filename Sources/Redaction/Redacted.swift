// SPDX-License-Identifier: Apache-2.0

/// A type that is safe to print and to log.
///
/// Its `description` shows no secret. Its mirror has no children, so `dump` and `String(reflecting:)` show no stored property.
///
/// A file with a conforming public type needs `public import Redaction`. The module `Redaction` is not a product of the
/// package. Users of a conforming type therefore see only its conformances to `CustomStringConvertible` and
/// `CustomReflectable`.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
