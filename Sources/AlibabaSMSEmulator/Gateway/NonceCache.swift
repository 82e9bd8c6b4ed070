import FoundationEssentials
import Synchronization

/// The nonces that were used within the time in which a request is valid.
///
/// There are two generations, and the older one is dropped as a whole: when all in it has expired, or earlier if the
/// younger one is full, so that no flood of requests fills the memory.
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

    /// A request dated up to 15 minutes ahead stays valid for 15 minutes after that.
    private static let lifetime: TimeInterval = 2 * GatewayChecks.dateTolerance

    private let generationSize: Int
    private let state = Mutex(State())

    /// Creates a memory that holds at most a number of nonces, and at least half of it.
    init(capacity: Int = 200_000) {
        self.generationSize = max(1, capacity / 2)
    }

    /// The number of nonces that are held, expired ones included.
    var count: Int { self.state.withLock { $0.young.count + $0.old.count } }

    /// Whether a nonce is still remembered.
    func contains(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        self.state.withLock { $0.isUsed(Key(accessKeyID: accessKeyID, nonce: nonce), at: now) }
    }

    /// Remembers a nonce, or tells that it was used.
    func insert(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        let key = Key(accessKeyID: accessKeyID, nonce: nonce)
        // What is dropped is handed out, so that freeing it holds nobody up.
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
