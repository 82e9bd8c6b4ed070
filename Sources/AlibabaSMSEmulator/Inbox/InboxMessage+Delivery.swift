public import FoundationEssentials
import JSONOutput

extension InboxMessage {
    /// The template of a message to mainland China, where only templates are sent.
    public struct Template: Codable, Sendable, Hashable {
        /// The code, such as `SMS_123456`.
        public var code: String
        /// The values of its variables.
        public var parameters: [String: String]
    }

    /// How far a message has come.
    public enum Status: String, Codable, Sendable, Hashable {
        /// The gateway took it.
        case accepted
        /// It left for the carrier.
        case submitted
        /// The phone has it.
        case delivered
        /// The carrier could not deliver it.
        case failed
        /// Its time was over before it could be delivered.
        case expired

        /// Whether nothing more will happen to the message.
        public var isFinal: Bool { [.delivered, .failed, .expired].contains(self) }
    }

    /// Something that happened to a message.
    public struct Event: Codable, Sendable, Hashable {
        /// What can happen to a message.
        public enum Kind: String, Codable, Sendable, Hashable {
            /// The gateway took it.
            case accepted
            /// It left for the carrier.
            case submitted
            /// The phone has it.
            case delivered
            /// The carrier could not deliver it.
            case failed
            /// Its time was over before it could be delivered.
            case expired
            /// A delivery report was pushed and taken.
            case reportTaken
            /// A delivery report was pushed and not taken.
            case reportRefused
            /// The sender told whether its code was used.
            case conversion
        }

        /// What happened.
        public var kind: Kind
        /// When it happened.
        public var at: Date
        /// More about it for a person, such as the carrier's code.
        public var detail: String?

        init(_ kind: Kind, at date: Date, detail: String? = nil) {
            self.kind = kind
            self.at = date.inMilliseconds
            self.detail = detail
        }
    }
}
