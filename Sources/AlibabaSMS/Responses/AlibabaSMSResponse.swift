// SPDX-License-Identifier: Apache-2.0

/// The gateway's response to a performed action.
package protocol AlibabaSMSResponse: Sendable {
    /// The fields that all responses have in common.
    var header: AlibabaSMSResponseHeader { get }

    /// The gateway's identifier of the message; `nil` if the response contains no message ID.
    var messageID: String? { get }

    /// Creates a response from the fields of a JSON object.
    ///
    /// Any field may be absent.
    init(_ fields: ResponseFields)
}

extension AlibabaSMSResponse {
    /// `nil`, because the response contains no message ID.
    package var messageID: String? { nil }
}
