// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

/// A request to send a message, with all properties that the guard needs for its decision.
public struct SendRequest: Sendable, Hashable {
    /// The maximum price of one segment, so that sums in a record cannot overflow.
    package static let highestPrice = 1 << 32 - 1

    /// The number of trailing digits in which the phone numbers of a block can differ.
    static let blockDigits = 4

    /// The phone number.
    public var number: PhoneNumber

    /// The name of the tenant.
    public var tenant: String

    /// The name of the purpose, such as `registration`.
    public var purpose: String

    /// The address of the client; `nil` if the address is missing.
    ///
    /// All requests without an address share the limits of a single source.
    public var source: SourceAddress?

    /// The reasons to trust the request.
    public var signals: SendSignals

    /// The number of segments (parts that carriers bill) of the message, 1 to 255.
    ///
    /// The cost of the message is the price of one segment, multiplied by this number.
    public var segments: Int

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - tenant: The name of the tenant.
    ///   - purpose: The name of the purpose.
    ///   - source: The address of the client; `nil` if the address is missing.
    ///   - signals: The reasons to trust the request.
    ///   - segments: The number of segments of the message. A value out of range is clamped to 1–255.
    public init(
        number: PhoneNumber,
        tenant: String,
        purpose: String,
        source: SourceAddress?,
        signals: SendSignals = [],
        segments: Int = 1
    ) {
        self.number = number
        self.tenant = tenant
        self.purpose = purpose
        self.source = source
        self.signals = signals
        self.segments = min(max(segments, 1), 255)
    }

    /// The number block: the phone number in E.164 form without its last four digits.
    var block: Substring { Substring(self.number.e164.utf8.dropLast(Self.blockDigits)) }

    /// The block that the report names: the digits of the phone number without the last five digits.
    ///
    /// The reported block contains ten times as many phone numbers as ``block``, so the report does not identify a ``block``.
    var reportedBlock: String {
        String(Substring(self.number.e164.utf8.dropFirst().dropLast(ReportedEvent.maskedDigits)))
    }
}

extension SendRequest: Redacted {
    /// A text with the masked number, the tenant, the purpose and the network of the source.
    public var description: String {
        "\(self.purpose) of \(self.tenant) for \(self.number) from \(self.source?.description ?? "an unknown source")"
    }
}
