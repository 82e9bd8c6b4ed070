// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The reason for the verdict of a risk assessor, with a name for logs and metrics.
public struct RiskReason: Sendable, Hashable, CustomStringConvertible {
    /// The name of the reason: 1 to 32 letters, digits, `-` and `_`.
    public let description: String

    private init(unchecked name: String) { self.description = name }

    /// Creates a reason, or returns `nil` if the name is invalid.
    ///
    /// The name appears in logs and metrics. It must not contain variable values, such as phone numbers.
    ///
    /// - Parameter name: 1 to 32 ASCII letters, digits, `-` and `_`. The first character must not be a digit.
    public init?(_ name: String) {
        let isLabel = name.utf8.allSatisfy {
            $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard (1...32).contains(name.utf8.count), isLabel, name.utf8.first?.isASCIIDigit == false else { return nil }
        self.description = name
    }

    /// The SIM of the number was changed a short time ago.
    public static let simChanged = Self(unchecked: "simChanged")
    /// The number moved to another carrier a short time ago.
    public static let ported = Self(unchecked: "ported")
    /// The number is a VoIP number, which anyone can rent.
    public static let voip = Self(unchecked: "voip")
    /// The number was assigned to a new owner.
    public static let recycled = Self(unchecked: "recycled")
    /// The assessor did not respond in time.
    public static let timeout = Self(unchecked: "timeout")
    /// The assessor failed.
    public static let unavailable = Self(unchecked: "unavailable")
}
