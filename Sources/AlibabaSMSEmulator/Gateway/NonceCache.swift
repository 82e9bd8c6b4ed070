// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A cache of used nonces, which detects repeated requests.
///
/// The cache has two generations. The old generation is dropped when all its nonces have expired, or when the young
/// generation is full. At usual request rates, a nonce is kept until it expires. During a flood of requests, nonces are
/// dropped earlier, which limits the memory.
final class NonceCache: Sendable {
    private struct Key: Hashable {
        var accessKeyID: String
        var nonce: String
    }

    private struct State {
        var young: [Key: Date] = [:]
        var old: [Key: Date] = [:]
        var nextGeneration = Date.distantPast

        func isUsed(_ key: Key, at now: Date) -> Bool {
            (self.young[key] ?? self.old[key]).map { $0 > now } ?? false
        }
    }

    /// The time for which a nonce is kept, in seconds.
    ///
    /// A request can be dated up to 15 minutes in the future, and is valid for 15 minutes after its date.
    private static let lifetime: TimeInterval = 2 * GatewayChecks.dateTolerance

    private let generationSize: Int
    private let state = Mutex(State())

    /// Creates a cache for at most `capacity` nonces.
    ///
    /// While the cache contains fewer than `capacity / 2` nonces, no nonce is dropped before it expires.
    init(capacity: Int = 200_000) {
        self.generationSize = max(1, capacity / 2)
    }

    /// The number of cached nonces, including expired nonces.
    var count: Int { self.state.withLock { $0.young.count + $0.old.count } }

    /// Returns whether a nonce was used and has not expired.
    func contains(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        self.state.withLock { $0.isUsed(Key(accessKeyID: accessKeyID, nonce: nonce), at: now) }
    }

    /// Inserts a nonce, and returns `false` if the nonce was already used.
    func insert(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        let key = Key(accessKeyID: accessKeyID, nonce: nonce)
        // The dropped generation is returned from the closure, so that it is deallocated outside the lock.
        let (isNew, _) = self.state.withLock { state -> (Bool, [Key: Date]) in
            guard !state.isUsed(key, at: now) else { return (false, [:]) }
            var dropped: [Key: Date] = [:]
            if state.nextGeneration <= now || state.young.count >= self.generationSize {
                dropped = state.old
                state.old = state.young
                state.young = [:]
                state.nextGeneration = now.addingTimeInterval(Self.lifetime)
            }
            state.young[key] = now.addingTimeInterval(Self.lifetime)
            return (true, dropped)
        }
        return isNew
    }
}
