// SPDX-License-Identifier: Apache-2.0

extension OTPPolicy {
    /// The code that a resend carries.
    public struct ResendPolicy: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case `repeat`, renew
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Reads a policy by its name, or returns `nil` if there is no policy of that name.
        ///
        /// - Parameter rawValue: `repeat` or `renew`.
        public init?(rawValue: String) {
            guard let base = Base(rawValue: rawValue) else { return nil }
            self.base = base
        }

        /// The same code while it is valid; attempts and expiry are not reset.
        ///
        /// Messages can overtake one another: with this policy, the code of the first message is as good as that of the second.
        public static let `repeat` = Self(.repeat)

        /// A new code with its own lifetime; the old one becomes invalid, even if the gateway then rejects the new message.
        public static let renew = Self(.renew)

        /// Every policy of this version.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name.
        public var rawValue: String { self.base.rawValue }

        /// The name.
        public var description: String { self.rawValue }
    }
}
