// SPDX-License-Identifier: Apache-2.0

/// A type that is safe to print and to log.
///
/// Its `description` shows no secret. Its mirror has no children, so that `dump` and `String(reflecting:)` show no stored
/// property.
///
/// A file with a conforming public type contains `public import Redaction`. The module is not a product, so users see only the
/// conformances to `CustomStringConvertible` and `CustomReflectable`.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
