// SPDX-License-Identifier: Apache-2.0

import Testing
import TextFormats

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("0", 0), ("30", 30_000), ("30s", 30_000), ("500ms", 500), ("250ms", 250), ("5m", 300_000),
            ("1h", 3_600_000),
            ("2d", 172_800_000), ("-1h", -3_600_000), ("36500d", 3_153_600_000_000),
        ] as [(String, Int)]
    )
    func durationsAreParsedAndFormatted(text: String, milliseconds: Int) {
        let duration = DurationText.parse(text)
        #expect(duration == .milliseconds(milliseconds))
        #expect(duration.flatMap { DurationText.parse(DurationText.format($0)) } == duration)
    }

    @Test(arguments: ["", "s", "-", "--1s", "1.5s", "1w", "s1", "99999999999999999999s", "36501d", "+1s", "١s"])
    func otherTextsAreNotDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
