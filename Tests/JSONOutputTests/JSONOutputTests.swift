// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import Testing

@Suite struct JSONOutputTests {
    @Test(arguments: [0.0, -0.25, 1_800_000_000.001, 1_800_000_000.25, 1_795_379_999.9996, 1_763_843_999.123])
    func aTimestampIsParsedAsTheDateThatWasFormatted(seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds).inMilliseconds
        #expect(Date(rfc3339: date.rfc3339) == date)
        #expect(date.rfc3339.count == 24)
    }

    @Test func aTimestampIsRoundedAndNotTruncated() {
        #expect(Date(timeIntervalSince1970: 1_795_379_999.9996).rfc3339 == "2026-11-22T20:40:00.000Z")
        #expect(Date(timeIntervalSince1970: 1_795_379_999.0004).rfc3339 == "2026-11-22T20:39:59.000Z")
    }

    @Test(arguments: [
        -62_167_219_200.0, -62_135_596_800, -2_203_891_200, -1, 951_782_399, 951_782_400, 4_107_542_399,
        253_402_300_799, 253_402_300_800,
    ])
    func aTimestampEqualsThatOfTheFormatter(seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds)
        let text = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(date.rfc3339 == text)
    }

    @Test(arguments: ["", "2026-11-22", "2026-11-22 20:40:00Z", "now", "2026-11-22T20:40:00"])
    func otherTextsAreNotTimestamps(text: String) {
        #expect(Date(rfc3339: text) == nil)
    }

    @Test func compactJSONIsOneLineWithSortedKeysAndPlainSlashes() throws {
        struct Value: Encodable {
            var url = "https://example.com/"
            var at = Date(timeIntervalSince1970: 0)
        }
        let json = String(decoding: try JSONEncoder.compact.encode(Value()), as: UTF8.self)
        #expect(json == #"{"at":"1970-01-01T00:00:00.000Z","url":"https://example.com/"}"#)
    }
}
