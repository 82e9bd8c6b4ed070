// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension OTPPolicy {
    /// Checks the test numbers.
    ///
    /// - Throws: ``OTPConfigurationError`` that names the position of the first invalid test number.
    func validateTestNumbers() throws(OTPConfigurationError) {
        guard !self.testNumbers.isEmpty else { return }
        try Self.check(
            "testNumbers",
            self.profile == .test,
            "the profile \(self.profile) allows none: remove them, or use the profile test"
        )
        var numbers: Set<PhoneNumber> = []
        for (index, entry) in self.testNumbers.enumerated() {
            let name = "entry \(index + 1)"
            try Self.check(
                "testNumbers",
                self.isCode(entry.code),
                "the code of \(name) is not a code with \(self.format)"
            )
            try Self.check(
                "testNumbers",
                numbers.insert(entry.number).inserted,
                "the number of \(name) is listed twice"
            )
        }
    }

    /// Returns whether a text is a code in the format of the policy, in capital letters and without separators.
    private func isCode(_ text: String) -> Bool {
        guard let code = self.format.read(text) else { return false }
        return code.text == text
    }
}
