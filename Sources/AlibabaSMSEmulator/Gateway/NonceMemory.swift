import FoundationEssentials
import Synchronization

/// The nonces that were used within the time in which a request is valid.
final class NonceMemory: Sendable {
    private struct Key: Hashable {
        var accessKeyID: String
        var nonce: String
    }

    private struct State {
        var used: [Key: Date] = [:]
        var nextSweep = Date.distantPast
    }

    /// A request dated up to 15 minutes ahead stays valid for 15 minutes after that.
    private static let lifetime: TimeInterval = 2 * GatewayChecks.dateTolerance

    private let state = Mutex(State())

    /// Whether a nonce is still remembered.
    func contains(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        self.state.withLock { state in
            state.used[Key(accessKeyID: accessKeyID, nonce: nonce)].map { $0 > now } ?? false
        }
    }

    /// Remembers a nonce, or tells that it was used.
    func insert(_ nonce: String, of accessKeyID: String, at now: Date) -> Bool {
        self.state.withLock { state in
            if state.nextSweep <= now {
                state.used = state.used.filter { $0.value > now }
                state.nextSweep = now.addingTimeInterval(60)
            }
            let key = Key(accessKeyID: accessKeyID, nonce: nonce)
            if let until = state.used[key], until > now { return false }
            state.used[key] = now.addingTimeInterval(Self.lifetime)
            return true
        }
    }
}
