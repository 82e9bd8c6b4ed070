// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

extension Date {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The date in the format of HTTP headers (RFC 9110, section 5.6.7), such as `Mon, 24 Dec 2018 08:58:22 GMT`.
    package var httpDate: String { "\(self.mailDateWithoutZone(secondsFromGMT: 0)) GMT" }

    /// Returns the date in RFC 5322 format without the time zone, such as `Mon, 24 Dec 2018 16:58:22`.
    ///
    /// - Parameter offset: The offset of the time zone from UTC, in seconds.
    /// - Returns: The text.
    package func mailDateWithoutZone(secondsFromGMT offset: Int) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: offset) ?? .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: self)
        let day = Self.days[(parts.weekday ?? 1) - 1]
        let month = Self.months[(parts.month ?? 1) - 1]
        let clock = [parts.hour, parts.minute, parts.second].map { Self.twoDigits($0 ?? 0) }.joined(separator: ":")
        return "\(day), \(Self.twoDigits(parts.day ?? 1)) \(month) \(parts.year ?? 0) \(clock)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
