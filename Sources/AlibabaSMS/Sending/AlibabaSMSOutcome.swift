// SPDX-License-Identifier: Apache-2.0

/// The outcome of a call.
///
/// No cases will be added. The action was performed, was certainly not performed, or may have been performed.
public enum AlibabaSMSOutcome<Response: Sendable>: Sendable {
    /// The gateway performed the action.
    case accepted(Response)

    /// The gateway certainly did not perform the action.
    case rejected(AlibabaSMSError)

    /// The gateway may have performed the action.
    ///
    /// If it was a send, a retry may deliver a second message.
    case unknown(AlibabaSMSError)
}

extension AlibabaSMSOutcome: Equatable where Response: Equatable {}

extension AlibabaSMSOutcome: Hashable where Response: Hashable {}
