// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The fields that the responses of all actions have in common.
///
/// The gateway may omit any field.
public struct AlibabaSMSResponseHeader: Sendable, Hashable {
    /// The response code, which is `OK` or an error code.
    public var code: String?

    /// The gateway's description of the outcome.
    ///
    /// Never log this text, because it may quote the request.
    public var message: String?

    /// The gateway's identifier of the request.
    public var requestID: String?

    /// The fields that this version of the library does not know.
    ///
    /// Strings are unchanged, and other values are JSON text.
    public var otherFields: [String: String]

    /// Creates a header.
    ///
    /// - Parameters:
    ///   - code: The response code, which is `OK` or an error code.
    ///   - message: The gateway's description of the outcome.
    ///   - requestID: The gateway's identifier of the request.
    ///   - otherFields: The fields that this version of the library does not know.
    public init(
        code: String? = "OK",
        message: String? = nil,
        requestID: String? = nil,
        otherFields: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.requestID = requestID
        self.otherFields = otherFields
    }

    /// Creates a header from the fields of a response.
    ///
    /// - Parameter fields: The fields of the response, without the fields that are specific to the type of the response.
    init(_ fields: ResponseFields) {
        var fields = fields
        self.code = fields.takeText("ResponseCode")
        self.message = fields.takeText("ResponseDescription")
        self.requestID = fields.takeText("RequestId")
        self.otherFields = fields.texts
    }
}

extension AlibabaSMSResponseHeader: Redacted {
    /// The response code, without the other fields, which may quote the request.
    public var description: String { self.code.map(SafeText.code) ?? "–" }
}
