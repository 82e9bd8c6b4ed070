// SPDX-License-Identifier: Apache-2.0

import Redaction
import SeededRandom
import Testing

@Suite struct RedactedTests {
    private struct Secret: Redacted {
        let code = "482913"
        var description: String { "Secret" }
    }

    @Test func noWayOfPrintingShowsAStoredProperty() {
        var dumped = ""
        dump([Secret()], to: &dumped)
        for text in [dumped, "\(Secret())", String(reflecting: Secret()), String(describing: Optional(Secret()))] {
            #expect(!text.contains("482913"))
            #expect(text.contains("Secret"))
        }
        #expect(Mirror(reflecting: Secret()).children.isEmpty)
    }

    @Test func splitMix64YieldsThePublishedSequence() {
        var random = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in random.next() }
        // The expected numbers are the first ones of the reference implementation for this seed.
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }
}
