// SPDX-License-Identifier: Apache-2.0

/// A duration that is encoded as a number of seconds, with milliseconds as decimals.
struct CodedSeconds: Codable {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let seconds = try container.decode(Double.self)
        // Ten thousand years are far above the range of every setting. The limit prevents an overflow.
        guard seconds.isFinite, abs(seconds) <= 3.2e11 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the duration is out of range")
        }
        self.duration = .milliseconds(Int64((seconds * 1000).rounded()))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let (seconds, attoseconds) = self.duration.components
        try container.encode(Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000)
    }
}
