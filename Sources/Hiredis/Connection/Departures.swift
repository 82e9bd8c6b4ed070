/// Why a caller no longer waits for a reply.
enum Departure: Sendable {
    /// Its task was cancelled.
    case cancelled
    /// Its own deadline has passed, before that of the connection.
    case expired

    /// The error if nothing of the command was written.
    var errorBeforeWrite: RedisError {
        switch self {
        case .cancelled: .cancelled
        case .expired: .notWritten
        }
    }

    /// The error if the command may have been written.
    var errorAfterWrite: RedisError {
        switch self {
        case .cancelled: .cancelled
        case .expired: .noReplyInTime
        }
    }
}

/// The callers that went away since the event loop last looked, by the identifiers of their commands.
///
/// The loop looks through its commands once per tick for all of them, so many cancellations cost linear time.
struct Departures: Sendable {
    private var reasons: [UInt64: Departure] = [:]

    var isEmpty: Bool { self.reasons.isEmpty }

    mutating func insert(_ id: UInt64, _ departure: Departure) {
        self.reasons[id] = departure
    }

    mutating func remove(_ id: UInt64) -> Departure? {
        self.reasons.removeValue(forKey: id)
    }
}
