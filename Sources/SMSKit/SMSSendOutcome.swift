// SPDX-License-Identifier: Apache-2.0

/// The outcome of a send: the gateway accepted the message, did not accept it, or did not reply clearly.
///
/// Callers must handle all three cases. No cases will be added.
public enum SMSSendOutcome: Sendable, Hashable {
    /// The gateway accepted the message and bills it.
    case accepted(SMSReceipt)

    /// The gateway certainly did not accept the message.
    ///
    /// The message is not billed and will not arrive.
    case rejected(SMSError)

    /// The gateway may or may not have accepted the message.
    ///
    /// The message may still arrive, and a retry may send it twice.
    case unknown(SMSError)
}
