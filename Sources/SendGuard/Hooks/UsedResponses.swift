// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// The fingerprints (keyed hashes) of human-check responses that were used or are being verified.
///
/// The fingerprint of a failed response is removed, so invalid responses do not fill the memory.
struct UsedResponses: Sendable {
    private let capacity: Int
    private var fingerprints: Set<[UInt8]> = []
    private var ends = DeadlineHeap<Duration, [UInt8]>()

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The number of fingerprints.
    var count: Int { self.fingerprints.count }

    /// Reserves a fingerprint for one verification.
    ///
    /// - Returns: The reason why the response must not be verified; `nil` if the response may be verified.
    mutating func claim(_ fingerprint: [UInt8], at now: Duration) -> HumanCheckFailure? {
        for ended in self.ends.popAll(at: now) { self.fingerprints.remove(ended) }
        guard !self.fingerprints.contains(fingerprint) else { return .replayed }
        guard self.fingerprints.count < self.capacity else { return .overloaded }
        self.fingerprints.insert(fingerprint)
        return nil
    }

    /// Keeps a reserved fingerprint until a time, because its response was used.
    mutating func keep(_ fingerprint: [UInt8], until end: Duration) {
        self.ends.insert(fingerprint, at: end)
    }

    /// Drops a reserved fingerprint, because its response did not pass.
    mutating func release(_ fingerprint: [UInt8]) {
        self.fingerprints.remove(fingerprint)
    }
}
