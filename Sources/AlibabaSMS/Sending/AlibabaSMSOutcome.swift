// SPDX-License-Identifier: Apache-2.0

/// The outcome of a call.
///
/// The enumeration is closed by design: an action was done, was certainly not done, or its fate is unknown.
public enum AlibabaSMSOutcome<Response: Sendable>: Sendable {
    /// The gateway performed the action.
    case accepted(Response)

    /// The gateway certainly did not perform the action.
    case rejected(AlibabaSMSError)

    /// The gateway may have performed the action. Sending it again may send a second message.
    case unknown(AlibabaSMSError)
}

extension AlibabaSMSOutcome: Equatable where Response: Equatable {}

extension AlibabaSMSOutcome: Hashable where Response: Hashable {}
