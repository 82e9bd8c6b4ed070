// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The response to a conversion report.
public struct ConversionResponse: Sendable, Hashable {
    /// The fields that all responses have in common, such as the response code.
    public var header: AlibabaSMSResponseHeader

    /// Creates a response.
    ///
    /// - Parameter header: The fields that all responses have in common.
    public init(header: AlibabaSMSResponseHeader = .init()) {
        self.header = header
    }
}

extension ConversionResponse: AlibabaSMSResponse {
    package init(_ fields: ResponseFields) {
        self.header = AlibabaSMSResponseHeader(fields)
    }
}

extension ConversionResponse: Redacted {
    /// A text with the response code.
    public var description: String { "ConversionResponse(\(self.header))" }
}
