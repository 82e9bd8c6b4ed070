// SPDX-License-Identifier: Apache-2.0

import JSONOutput

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A filter for messages.
///
/// A message matches if it meets all conditions.
public struct InboxFilter: Sendable, Hashable {
    /// The lower bound of messages or requests: an ID or a time.
    ///
    /// No cases will be added in later versions.
    public enum Since: Sendable, Hashable {
        /// Matches entries after the message or request with this ID.
        case message(Int)
        /// Matches entries that arrived at this time or later.
        case time(Date)

        /// Parses an ID or an RFC 3339 timestamp, or returns `nil` if the text is neither.
        ///
        /// - Parameter text: The text.
        public init?(_ text: String) {
            if let id = Int(text), id >= 0 {
                self = .message(id)
            } else if let date = Date(rfc3339: text) {
                self = .time(date)
            } else {
                return nil
            }
        }

        /// The ID or the RFC 3339 timestamp, in the format that ``init(_:)`` parses.
        public var text: String {
            switch self {
            case .message(let id): "\(id)"
            case .time(let date): date.rfc3339
            }
        }
    }

    /// The recipient in E.164 format, with the plus sign.
    public var to: String?

    /// The lower bound of the messages: an ID (exclusive) or a time (inclusive).
    public var since: Since?

    /// A position in the list of messages: only messages after this cursor match.
    public var after: InboxCursor?

    /// The namespace of the message; `nil` means any.
    public var namespace: String?

    /// A text that the message must contain.
    public var contains: String?

    /// The code of the template that the message must use.
    public var template: String?

    /// The exclusive upper bound of the message's ID, for the next page of a list.
    public var before: Int?

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - to: The recipient, with or without a plus sign. A leading space counts as a plus sign, because form decoding
    ///     converts plus signs to spaces.
    ///   - since: The lower bound of the messages: an ID (exclusive) or a time (inclusive).
    ///   - contains: A text that the message must contain.
    ///   - template: The code of the template that the message must use.
    ///   - before: The exclusive upper bound of the message's ID, for the next page of a list.
    ///   - after: A position in the list of messages: only messages after this cursor match. Usually, the cursor is
    ///     requested before the action that sends the message.
    ///   - namespace: The namespace of the message; `nil` means any.
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

    /// Returns a copy of the filter, without its cursor if the cursor is from an earlier run of the emulator.
    ///
    /// All messages of the current run follow a cursor from an earlier run, so the cursor excludes none of them.
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
