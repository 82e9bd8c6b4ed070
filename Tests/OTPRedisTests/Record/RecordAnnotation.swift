// SPDX-License-Identifier: Apache-2.0

import OTP
import TextFormats

@testable import OTPRedis

/// The bytes of a record with one field per line, as `Docs/Record.md` shows them.
struct RecordAnnotation {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var lines: [String] = ["offset  bytes              field"]

    /// Annotates the bytes of a valid record.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let state = bytes.count - RecordLayout.State.size
        let failures = Int(bytes[state + RecordLayout.State.failureCount.offset])
        let challengesEnd = state - RecordLayout.failureSize * failures
        let sendsLength = self.fields(RecordLayout.Header.self, "header")[.sendsLength] ?? 0
        let sendsEnd = self.offset + sendsLength
        if sendsLength % RecordLayout.Send.size != 0 { _ = self.fields(RecordLayout.Refusals.self, "refusals") }
        while self.offset < sendsEnd { _ = self.fields(RecordLayout.Send.self, "send") }
        while self.offset < challengesEnd { self.challenge() }
        _ = self.fields(RecordLayout.State.self, "state")
        for _ in 0..<failures {
            _ = self.fields(RecordLayout.Send.self, "failure")
            _ = self.fields(RecordLayout.State.self, "state")
        }
    }

    private mutating func challenge() {
        let head = self.fields(RecordLayout.ChallengeHead.self, "challenge")
        self.line(head[.keyIDLength] ?? 0, "challenge: key_id")
        self.line(RecordLayout.authenticatorSize, "challenge: authenticator")
        let counts = self.fields(RecordLayout.ChallengeCounts.self, "counts")
        self.line(counts[.sealedLength] ?? 0, "counts: sealed code")
    }

    /// Adds a line for each field of a section, and returns the values of its numbers.
    private mutating func fields<Field: PackedFields>(_: Field.Type, _ section: String) -> [Field: Int] {
        var values: [Field: Int] = [:]
        for field in Field.allCases {
            var text = "\(section): \(field.rawValue)"
            if field.size <= RecordLayout.timeSize {
                let value = self.bytes[self.offset..<(self.offset + field.size)].reduce(0) { $0 << 8 | Int($1) }
                let isTime = field.size == RecordLayout.timeSize && value > 0
                text += " = \(isTime ? StoreTime(milliseconds: Int64(value)).text : "\(value)")"
                values[field] = value
            }
            self.line(field.size, text)
        }
        return values
    }

    private mutating func line(_ size: Int, _ text: String) {
        let hex = self.bytes[self.offset..<(self.offset + size)].hex
        let shown = size > 8 ? "\(hex.prefix(8))… (\(size))" : hex
        let columns = String(repeating: " ", count: max(1, 19 - shown.count))
        let offset = String(self.offset)
        self.lines.append("\(String(repeating: " ", count: 6 - offset.count))\(offset)  \(shown)\(columns)\(text)")
        self.offset += size
    }
}

extension [UInt8] {
    /// Creates bytes from hexadecimal digits.
    init(hex text: some StringProtocol) {
        let digits = text.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
