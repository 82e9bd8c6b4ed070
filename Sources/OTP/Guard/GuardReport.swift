// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// A change of the guard's counts that travels in the background.
enum GuardReport: Sendable {
    /// The outcome of a code; its scopes are computed behind the call.
    case outcome(SendOutcome.Kind, SendRequest)
    /// The release of a message that was definitely not sent.
    case release(GuardReservation)

    /// The name of the report, which serves as a metric label.
    var name: String {
        switch self {
        case .outcome(.verified, _): "verified"
        case .outcome(.failed, _): "failed"
        case .release: "release"
        }
    }
}
