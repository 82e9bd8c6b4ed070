import Foundation
import Synchronization

/// One call of a caller, and what came of it.
package struct ChaosOperation: Sendable {
    /// What the caller asked for.
    package enum Kind: String, Sendable {
        /// A message to a number.
        case issue
        /// To verify the code that was sent.
        case right
        /// To verify another code.
        case wrong
    }

    /// What the caller was told.
    package enum Outcome: Sendable, Hashable {
        /// The code was sent, or accepted.
        case ok
        /// The code is not the right one.
        case incorrect
        /// No, for a reason that has this name.
        case refused(String)
        /// The store failed, with an error of this name; `mayHaveRun` tells whether the step may have been done.
        case unavailable(String, mayHaveRun: Bool)
    }

    /// Which number it is about.
    package var number: Int
    /// Which challenge; each is issued once, and numbered by who issues it.
    package var challenge: Int
    package var kind: Kind
    /// When it began and ended, counted from the beginning of the run.
    package var start: Duration
    package var end: Duration
    package var outcome: Outcome

    package init(
        _ kind: Kind,
        number: Int,
        challenge: Int,
        from start: Duration,
        to end: Duration,
        _ outcome: Outcome
    ) {
        self.kind = kind
        self.number = number
        self.challenge = challenge
        self.start = start
        self.end = end
        self.outcome = outcome
    }

    /// Whether the store decided.
    package var isDecided: Bool {
        if case .unavailable = self.outcome { false } else { true }
    }
}

extension ChaosOperation: CustomStringConvertible {
    /// A line of the history.
    package var description: String {
        "\(self.start.inSeconds)…\(self.end.inSeconds) number \(self.number) challenge \(self.challenge) "
            + "\(self.kind.rawValue): \(self.outcome)"
    }
}

extension Duration {
    /// The duration in seconds, with three places.
    package var inSeconds: String {
        self.formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 3)))
    }
}

/// The operations so far, which many tasks add to.
package final class ChaosHistory: Sendable {
    private let recorded = Mutex<[ChaosOperation]>([])
    private let origin = ContinuousClock.now

    package init() {}

    /// The time since the beginning of the run.
    package var now: Duration { ContinuousClock.now - self.origin }

    /// All operations, in the order in which they ended.
    package var operations: [ChaosOperation] { self.recorded.withLock { $0 } }

    package func add(_ operation: ChaosOperation) {
        self.recorded.withLock { $0.append(operation) }
    }
}
