// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Date {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The UTC offset of the account's time zone, in seconds.
    ///
    /// The account's daily limits are reset at midnight in this time zone.
    static let accountZone = 8 * 3600

    /// The date in RFC 5322 format in the account's time zone, such as `Mon, 24 Dec 2018 16:58:22 +0800`.
    var mailDate: String { "\(self.text(secondsFromGMT: Self.accountZone)) +0800" }

    /// The date in the format of HTTP headers, such as `Mon, 24 Dec 2018 08:58:22 GMT`.
    var httpDate: String { "\(self.text(secondsFromGMT: 0)) GMT" }

    private func text(secondsFromGMT offset: Int) -> String {
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
