// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One call of the service and its outcome.
package struct ChaosOperation: Sendable {
    /// The kind of the call.
    package enum Kind: String, Sendable {
        /// The call issues a code for a phone number.
        case issue
        /// The call verifies the right code.
        case right
        /// The call verifies a wrong code.
        case wrong
    }

    /// The outcome that the caller received.
    package enum Outcome: Sendable, Hashable {
        /// The code was sent or accepted.
        case ok
        /// The code was wrong.
        case incorrect
        /// The service rejected the call with an error code.
        case refused(String)
        /// The store failed, with the name of the error, and whether the step may have run.
        case unavailable(String, mayHaveRun: Bool)
    }

    /// The index of the phone number.
    package var number: Int
    /// The index of the challenge, which is issued only once.
    package var challenge: Int
    package var kind: Kind
    /// The start of the call, relative to the start of the run.
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

    /// Whether the store accepted or refused the call.
    package var isDecided: Bool {
        if case .unavailable = self.outcome { false } else { true }
    }
}

extension ChaosOperation: CustomStringConvertible {
    /// The operation as one line of the history.
    package var description: String {
        "\(self.start.inSeconds)…\(self.end.inSeconds) number \(self.number) challenge \(self.challenge) "
            + "\(self.kind.rawValue): \(self.outcome)"
    }
}

extension Duration {
    /// The duration in seconds, with three decimal places.
    package var inSeconds: String {
        self.formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 3)))
    }
}

/// The operations of a run, which concurrent tasks can add.
package final class ChaosHistory: Sendable {
    private let recorded = Mutex<[ChaosOperation]>([])
    private let origin = ContinuousClock.now

    package init() {}

    /// The time since the beginning of the run.
    package var now: Duration { ContinuousClock.now - self.origin }

    /// All operations, in the order of their ends.
    package var operations: [ChaosOperation] { self.recorded.withLock { $0 } }

    package func add(_ operation: ChaosOperation) {
        self.recorded.withLock { $0.append(operation) }
    }
}
