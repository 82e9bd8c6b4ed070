// SPDX-License-Identifier: Apache-2.0

/// A simulated fault of the provider behind a human check or a risk assessor.
public struct HookFault: Sendable, Hashable, CustomStringConvertible {
    /// A description of the fault.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// The provider responds normally.
    public static let none = Self("no fault")
    /// No connection to the provider can be established.
    public static let unreachable = Self("unreachable provider")
    /// The provider responds with an error, such as HTTP status 503.
    public static let failing = Self("failing provider")
    /// The provider responds with a text in an unexpected format.
    public static let unreadable = Self("unreadable response")
    /// The provider never responds.
    public static let silent = Self("silent provider")

    /// All faults.
    public static let all: [Self] = [.none, .unreachable, .failing, .unreadable, .silent]
}
