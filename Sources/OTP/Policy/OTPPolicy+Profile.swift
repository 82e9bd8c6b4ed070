// SPDX-License-Identifier: Apache-2.0

extension OTPPolicy {
    /// The environment in which a service runs.
    public struct Profile: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case production, development, test
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Creates the profile with a name, or returns `nil` if there is no such profile.
        ///
        /// - Parameter rawValue: `production`, `development` or `test`.
        public init?(rawValue: String) {
            guard let base = Base(rawValue: rawValue) else { return nil }
            self.base = base
        }

        /// The service has real users.
        ///
        /// The service does not start if the policy lists test numbers. With this profile, `OTPSettings` also requires a guard
        /// against SMS pumping.
        public static let production = Self(.production)

        /// The service is being developed, with real messages.
        ///
        /// The service does not start if the policy lists test numbers.
        public static let development = Self(.development)

        /// The service has no real users, and may list test numbers.
        public static let test = Self(.test)

        /// All profiles.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the profile.
        public var rawValue: String { self.base.rawValue }

        /// The name of the profile.
        public var description: String { self.rawValue }
    }
}
