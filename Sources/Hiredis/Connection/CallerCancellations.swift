// SPDX-License-Identifier: Apache-2.0

/// The reason why a caller no longer waits for a reply.
///
/// There are no other reasons, so no cases will be added.
enum CallerCancellation: Sendable {
    /// The caller's task was cancelled.
    case cancelled
    /// The caller's own deadline has passed. It was earlier than the end of the command timeout.
    case expired

    /// The error of a command that was not written.
    func errorBeforeWrite(to server: String) -> RedisError {
        switch self {
        case .cancelled: .cancelled
        case .expired: .notWritten(to: server)
        }
    }

    /// The error of a command that may have been written.
    func errorAfterWrite(to server: String) -> RedisError {
        switch self {
        case .cancelled: .cancelled
        case .expired: .noReply(from: server)
        }
    }
}

/// The callers that were cancelled since the last sweep of the event loop, by command ID.
///
/// One sweep per event-loop tick handles all cancelled callers, so that n cancellations take linear time.
struct CallerCancellations: Sendable {
    private var reasons: [UInt64: CallerCancellation] = [:]

    var isEmpty: Bool { self.reasons.isEmpty }

    mutating func insert(_ id: UInt64, _ reason: CallerCancellation) {
        self.reasons[id] = reason
    }

    mutating func remove(_ id: UInt64) -> CallerCancellation? {
        self.reasons.removeValue(forKey: id)
    }
}
