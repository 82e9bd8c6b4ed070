// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension PhoneNumber {
    /// The number in groups of digits, such as `+65 9123 4567`.
    var grouped: String {
        let digits = Array(self.nationalNumber)
        let sizes: [Int] =
            switch digits.count {
            case ..<5: [digits.count]
            case 5...7: [3, digits.count - 3]
            case 8: [4, 4]
            case 9: [3, 3, 3]
            case 10: [3, 3, 4]
            default: [3] + Self.fours(digits.count - 3)
            }
        var start = 0
        let groups = sizes.map { size in
            defer { start += size }
            return String(digits[start..<(start + size)])
        }
        return "+\(self.callingCode) \(groups.joined(separator: " "))"
    }

    /// Divides `count` digits into groups of at most four digits, and returns the sizes of the groups.
    private static func fours(_ count: Int) -> [Int] {
        stride(from: 0, to: count, by: 4).map { min(4, count - $0) }
    }
}
