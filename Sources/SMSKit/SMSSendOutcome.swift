// SPDX-License-Identifier: Apache-2.0

/// The outcome of handing a message to a gateway.
///
/// Closed by design: a gateway has accepted a message, has not accepted it, or did not say. Callers must handle all three.
public enum SMSSendOutcome: Sendable, Hashable {
    /// The gateway accepted the message and bills it.
    case accepted(SMSReceipt)

    /// The gateway certainly did not accept the message: nothing is billed and nothing will arrive.
    case rejected(SMSError)

    /// Whether the gateway accepted the message is unknown: it may arrive, and a blind retry may send it twice.
    case unknown(SMSError)
}
