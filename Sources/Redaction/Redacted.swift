// SPDX-License-Identifier: Apache-2.0

/// A type that is safe to print and to log: `description` shows no secret, and the mirror has no
/// children, so that `dump` and `String(reflecting:)` show no stored property.
///
/// Public types conform with `public import Redaction`. The module is not a product, so users see the conformances to
/// `CustomStringConvertible` and `CustomReflectable` only.
package protocol Redacted: CustomStringConvertible, CustomReflectable {}

extension Redacted {
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
