// SPDX-License-Identifier: Apache-2.0

/// A permission of an API key.
public struct APIScope: Sendable, Hashable, CustomStringConvertible {
    private enum Base: String, CaseIterable {
        case issue, verify, admin
    }

    private let base: Base

    private init(_ base: Base) { self.base = base }

    /// The permission to issue, resend and cancel codes, and to read the state of challenges.
    public static let issue = Self(.issue)
    /// The permission to check codes, and to read the state of challenges.
    public static let verify = Self(.verify)
    /// The permission to use ``AdminRoutes``.
    ///
    /// This permission includes neither ``issue`` nor ``verify``.
    public static let admin = Self(.admin)

    /// All scopes.
    public static var all: [Self] { Base.allCases.map(Self.init) }

    /// Creates the scope with a name; returns `nil` if no scope has this name.
    ///
    /// - Parameter name: A name, such as `issue`.
    public init?(_ name: some StringProtocol) {
        guard let base = Base(rawValue: String(name)) else { return nil }
        self.base = base
    }

    /// The name of the scope.
    public var description: String { self.base.rawValue }
}
