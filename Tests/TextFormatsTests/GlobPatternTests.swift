// SPDX-License-Identifier: Apache-2.0

import Testing
import TextFormats

@Suite struct GlobPatternTests {
    @Test(
        arguments: [
            ("*", "", true), ("*", "abc", true), ("", "", true), ("", "a", false), ("a*c", "abc", true),
            ("a*c", "ac", true), ("a*c", "acb", false), ("*b*", "abc", true), ("a**c", "abbc", true),
            ("*a*a*a*b", String(repeating: "a", count: 5000), false), ("é*", "été", true), ("[a]", "a", false),
        ] as [(String, String, Bool)]
    )
    func aStarMatchesAnyText(pattern: String, text: String, isMatch: Bool) {
        #expect(GlobPattern(pattern).matches(text) == isMatch)
    }

    @Test func caseMattersUnlessItIsIgnored() {
        #expect(!GlobPattern("dysms:Query*").matches("Dysms:querySendDetails"))
        #expect(GlobPattern("dysms:Query*", ignoresCase: true).matches("Dysms:querySendDetails"))
    }
}
