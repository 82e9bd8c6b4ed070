// SPDX-License-Identifier: Apache-2.0

/// The reason why a caller no longer waits for a reply.
enum CallerCancellation: Sendable {
    /// The caller's task was cancelled.
    case cancelled
    /// The caller's deadline has passed.
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

/// The callers that were cancelled since the last sweep, keyed by the command ID.
///
/// A sweep searches all commands for cancelled callers, at most once per event-loop tick. Many cancellations therefore need
/// only one search.
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
