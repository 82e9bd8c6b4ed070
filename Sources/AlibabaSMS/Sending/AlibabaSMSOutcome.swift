// SPDX-License-Identifier: Apache-2.0

/// The outcome of a call.
///
/// The three cases cover all possibilities, so no cases will be added.
public enum AlibabaSMSOutcome<Response: Sendable>: Sendable {
    /// The gateway performed the action.
    case accepted(Response)

    /// The gateway certainly did not perform the action.
    case rejected(AlibabaSMSError)

    /// The gateway may have performed the action.
    ///
    /// If the action sends a message, a retry may deliver a second message.
    case unknown(AlibabaSMSError)
}

extension AlibabaSMSOutcome: Equatable where Response: Equatable {}

extension AlibabaSMSOutcome: Hashable where Response: Hashable {}
