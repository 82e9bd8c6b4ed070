// SPDX-License-Identifier: Apache-2.0

extension AuditEvent {
    /// The kind of an event.
    public struct Kind: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
        /// The name of the kind, such as `verify`.
        public let rawValue: String

        /// Creates a kind.
        ///
        /// - Parameter rawValue: The name of the kind.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A request for a code (a call of `issue` or `resend`) has ended.
        public static let issue = Self(rawValue: "issue")
        /// The SMS client returned the outcome of a message.
        public static let send = Self(rawValue: "send")
        /// A delivery report on a message arrived.
        ///
        /// Reports can be forged, because gateways do not sign them.
        public static let delivery = Self(rawValue: "delivery")
        /// An attempt was compared with the code, or was refused.
        public static let verify = Self(rawValue: "verify")
        /// A proof (the signed result of a verification) was redeemed, or refused.
        public static let redeem = Self(rawValue: "redeem")
        /// A call of `issue`, `resend` or `verify` was refused because the number has too many failed attempts.
        public static let lock = Self(rawValue: "lock")
        /// An operator deleted the failed attempts of a number.
        public static let unlock = Self(rawValue: "unlock")
        /// A challenge was cancelled, or the device tokens of a number were revoked.
        public static let revoke = Self(rawValue: "revoke")
        /// The guard decided whether a message may be sent.
        public static let decision = Self(rawValue: "decision")
        /// A rule of the guard started or stopped refusing sends.
        ///
        /// Budgets and lockdowns have separate kinds of events.
        public static let breaker = Self(rawValue: "breaker")
        /// A budget of the guard reached 50, 80 or 100 percent.
        public static let budget = Self(rawValue: "budget")
        /// An operator started or ended a lockdown (``GuardMeasure/lockdown``).
        public static let lockdown = Self(rawValue: "lockdown")
        /// An operator changed the mode of a rule.
        public static let mode = Self(rawValue: "mode")
        /// A service was created.
        ///
        /// The event contains the names of the service's keys.
        public static let keys = Self(rawValue: "keys")

        /// The name of the kind.
        public var description: String { self.rawValue }
    }

    /// The name of a value in an audit event.
    public struct Field: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
        /// The name, such as `tenant`.
        public let rawValue: String

        /// Creates a name.
        ///
        /// - Parameter rawValue: The name, in lower-case letters.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name of the tenant.
        public static let tenant = Self(rawValue: "tenant")
        /// The name of the purpose.
        public static let purpose = Self(rawValue: "purpose")
        /// The masked phone number.
        public static let number = Self(rawValue: "number")
        /// The region of the phone number.
        public static let region = Self(rawValue: "region")
        /// The blind index: a keyed hash that identifies the number in the store.
        public static let index = Self(rawValue: "index")
        /// A hash that identifies the challenge: one request for a code, with its resends.
        public static let challenge = Self(rawValue: "challenge")
        /// The gateway's identifier of the message.
        public static let message = Self(rawValue: "message")
        /// The network of the client, such as `192.0.2.0/24`.
        public static let network = Self(rawValue: "network")
        /// The result: `ok`, the name of an error, the outcome of a message, or the outcome of a decision.
        public static let outcome = Self(rawValue: "outcome")
        /// Details of the result, such as the limit that refused the request, or the kind of an SMS error.
        public static let reason = Self(rawValue: "reason")
        /// The ID of the guard's decision.
        public static let decision = Self(rawValue: "decision")
        /// The rule of the guard, such as `unverified-block`.
        public static let rule = Self(rawValue: "rule")
        /// The keyed hash that identifies the scope (``GuardScope``) in which the rule was evaluated.
        public static let scope = Self(rawValue: "scope")
        /// The effect of the rule, such as `monitor`.
        public static let effect = Self(rawValue: "effect")
        /// The value that the rule measured.
        public static let measured = Self(rawValue: "measured")
        /// The threshold of the rule.
        public static let threshold = Self(rawValue: "threshold")
        /// The number of seconds until the rule or the limit admits the request.
        public static let wait = Self(rawValue: "wait")
        /// The name of the person or the service that caused the event.
        public static let operatorName = Self(rawValue: "operator")

        /// The name of the value.
        public var description: String { self.rawValue }
    }
}
