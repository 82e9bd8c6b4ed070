// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The response to a conversion report.
public struct ConversionResponse: Sendable, Hashable {
    /// The code of the outcome, the request ID and unknown fields.
    public var header: AlibabaSMSResponseHeader

    /// Creates a response.
    ///
    /// - Parameter header: The code of the outcome, the request ID and unknown fields.
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
    /// The code of the outcome.
    public var description: String { "ConversionResponse(\(self.header))" }
}
