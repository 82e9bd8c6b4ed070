// SPDX-License-Identifier: Apache-2.0

import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Parses timestamps in the format of mail headers, such as `Mon, 24 Dec 2018 16:58:22 +0800`.
enum MailDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Parses a timestamp; returns `nil` if the text is not a timestamp in the format of mail headers.
    ///
    /// The day of the week is ignored.
    static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 64 else { return nil }
        var parts = text.split(separator: " ", omittingEmptySubsequences: true)
        if parts.first?.last == "," { parts.removeFirst() }
        guard
            parts.count == 5,
            let day = Self.number(parts[0], digits: 1...2),
            let month = Self.months.firstIndex(of: parts[1].lowercased()),
            let year = Self.number(parts[2], digits: 4...4), year >= 1970,
            let zone = Self.offset(parts[4])
        else { return nil }
        let clock = parts[3].split(separator: ":", omittingEmptySubsequences: false)
            .map { Self.number($0, digits: 2...2) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month]).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        let earlier = year - 1
        let leapDays = earlier / 4 - earlier / 100 + earlier / 400 - 477
        let days = (year - 1970) * 365 + leapDays + lengths[..<month].reduce(0, +) + day - 1
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second - zone))
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }

    /// Parses a time zone, and returns its offset from UTC in seconds.
    private static func offset(_ text: Substring) -> Int? {
        if ["GMT", "UTC", "UT", "Z"].contains(text) { return 0 }
        guard
            let sign = text.first, sign == "+" || sign == "-",
            let digits = Self.number(text.dropFirst(), digits: 4...4), digits % 100 < 60, digits / 100 < 24
        else { return nil }
        let seconds = (digits / 100) * 3600 + (digits % 100) * 60
        return sign == "-" ? -seconds : seconds
    }
}

extension ResponseFields {
    /// Removes a field and returns its timestamp.
    ///
    /// If the field is absent or contains no timestamp, returns `nil` and removes nothing.
    mutating func takeDate(_ name: String) -> Date? {
        guard let date = self.values[name]?.text.flatMap(MailDate.parse) else { return nil }
        self.remove(name)
        return date
    }
}
