// SPDX-License-Identifier: Apache-2.0

extension OTPPolicy {
    /// The rule that determines whether a resend contains the same code or a new code.
    public struct ResendPolicy: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case `repeat`, renew
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Creates the policy with a name, or returns `nil` if no policy has this name.
        ///
        /// - Parameter rawValue: `repeat` or `renew`.
        public init?(rawValue: String) {
            guard let base = Base(rawValue: rawValue) else { return nil }
            self.base = base
        }

        /// A resend contains the same code while the code is valid.
        ///
        /// A resend resets neither the attempts nor the expiry. If messages arrive out of order, each of them contains the
        /// valid code.
        public static let `repeat` = Self(.repeat)

        /// A resend contains a new code with its own lifetime.
        ///
        /// The old code becomes invalid, even if the gateway rejects the new message.
        public static let renew = Self(.renew)

        /// All policies.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the policy.
        public var rawValue: String { self.base.rawValue }

        /// The name of the policy.
        public var description: String { self.rawValue }
    }
}
