public import FoundationEssentials
import JSONOutput

/// Which messages are asked for; all conditions must hold.
public struct InboxFilter: Sendable, Hashable {
    /// After what a message must have come.
    public enum Since: Sendable, Hashable {
        /// After the message with this number.
        case message(Int)
        /// At this time or later.
        case time(Date)

        /// Reads the number of a message or an RFC 3339 time.
        public init?(_ text: String) {
            if let id = Int(text), id >= 0 {
                self = .message(id)
            } else if let date = Date(rfc3339: text) {
                self = .time(date)
            } else {
                return nil
            }
        }

        /// The number or the time as a text that can be read again.
        public var text: String {
            switch self {
            case .message(let id): "\(id)"
            case .time(let date): date.rfc3339
            }
        }
    }

    /// The recipient, with the plus sign.
    public var to: String?

    /// After what the message must have come.
    public var since: Since?

    /// A place behind which the message must have come.
    public var after: InboxCursor?

    /// The namespace in which the message must be; `nil` is any.
    public var namespace: String?

    /// What the text must contain.
    public var contains: String?

    /// The template that the text must be made from.
    public var template: String?

    /// The number before which the message must have come.
    public var before: Int?

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - to: The recipient, with or without a plus sign; a blank in its place is accepted, as forms make one of it.
    ///   - since: After what the message must have come.
    ///   - contains: What the text must contain.
    ///   - template: The code of the template that the text must be made from.
    ///   - before: The number before which the message must have come, for the next part of a list.
    ///   - after: A place behind which the message must have come, taken before the action that sends it.
    ///   - namespace: The namespace in which the message must be.
    public init(
        to: String? = nil,
        since: Since? = nil,
        contains: String? = nil,
        template: String? = nil,
        before: Int? = nil,
        after: InboxCursor? = nil,
        namespace: String? = nil
    ) {
        self.to = to.map { "+\($0.drop { $0 == "+" || $0 == " " })" }
        self.since = since
        self.contains = contains
        self.template = template
        self.before = before
        self.after = after
        self.namespace = namespace
    }

    /// The same filter without a cursor of an earlier run, behind which all messages are.
    func resolved(for run: String) -> InboxFilter {
        guard let after = self.after, after.run != run else { return self }
        var filter = self
        filter.after = nil
        return filter
    }

    func matches(_ message: InboxMessage) -> Bool {
        if let namespace = self.namespace, message.namespace != namespace { return false }
        if let after = self.after, message.id <= after.id { return false }
        if let to = self.to, message.to != to { return false }
        if let contains = self.contains, !message.text.contains(contains) { return false }
        if let template = self.template, message.template?.code != template { return false }
        if let before = self.before, message.id >= before { return false }
        switch self.since {
        case .message(let id): return message.id > id
        case .time(let date): return message.receivedAt >= date
        case nil: return true
        }
    }
}
