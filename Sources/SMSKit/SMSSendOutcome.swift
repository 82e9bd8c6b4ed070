// SPDX-License-Identifier: Apache-2.0

/// The outcome of a send.
///
/// No cases will be added. The gateway accepted the message, did not accept it, or did not say. Callers must handle all three
/// cases.
public enum SMSSendOutcome: Sendable, Hashable {
    /// The gateway accepted the message and bills it.
    case accepted(SMSReceipt)

    /// The gateway certainly did not accept the message.
    ///
    /// It is not billed and will not arrive.
    case rejected(SMSError)

    /// It is unknown whether the gateway accepted the message.
    ///
    /// The message may still arrive, and a retry may send it twice.
    case unknown(SMSError)
}
