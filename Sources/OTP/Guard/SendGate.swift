// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// The guard of a service, and the checks before it.
public struct SendGate: Sendable {
    let sendGuard: SMSGuard

    /// Creates a gate.
    ///
    /// - Parameter sendGuard: The guard that decides about each message.
    public init(_ sendGuard: SMSGuard) {
        self.sendGuard = sendGuard
    }
}
