// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// RFC 3339 timestamps in UTC, rounded to whole milliseconds.
///
/// If a date is formatted and then parsed, the result is the `inMilliseconds` of the original date.
extension Date {
    /// The date, rounded to whole milliseconds.
    package var inMilliseconds: Date {
        Date(timeIntervalSince1970: (self.timeIntervalSince1970 * 1000).rounded() / 1000)
    }

    /// The timestamp with three fractional digits, such as `2026-11-25T10:00:00.000Z`.
    package var rfc3339: String {
        let milliseconds = (self.timeIntervalSince1970 * 1000).rounded()
        let seconds = (milliseconds / 1000).rounded(.down)
        let fraction = Int(milliseconds - seconds * 1000)
        // The C library is more than three times as fast as Foundation's formatter.
        return Self.calendarTime(seconds).map { Self.text($0, fraction) }
            ?? "\(Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast()).\("00\(fraction)".suffix(3))Z"
    }

    /// Returns the calendar time in UTC; `nil` for a year that does not have four digits.
    private static func calendarTime(_ seconds: Double) -> tm? {
        guard let whole = Int(exactly: seconds) else { return nil }
        var seconds = time_t(whole)
        var time = tm()
        guard gmtime_r(&seconds, &time) != nil, (-900...8099).contains(time.tm_year) else { return nil }
        return time
    }

    private static func text(_ time: tm, _ fraction: Int) -> String {
        String(unsafeUninitializedCapacity: 24) { text in
            var end = 0
            func write(_ number: Int32, _ digits: Int, _ separator: Unicode.Scalar) {
                var rest = number
                for position in (end..<end + digits).reversed() {
                    text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[end + digits] = UInt8(ascii: separator)
                end += digits + 1
            }
            write(time.tm_year + 1900, 4, "-")
            write(time.tm_mon + 1, 2, "-")
            write(time.tm_mday, 2, "T")
            write(time.tm_hour, 2, ":")
            write(time.tm_min, 2, ":")
            write(time.tm_sec, 2, ".")
            write(Int32(fraction), 3, "Z")
            return end
        }
    }

    /// Parses a timestamp with or without fractional seconds; returns `nil` if the text is not a timestamp.
    ///
    /// - Parameter text: The timestamp.
    package init?(rfc3339 text: String) {
        let withFraction = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        guard let date = withFraction ?? (try? Date(text, strategy: Date.ISO8601FormatStyle())) else { return nil }
        self = date.inMilliseconds
    }
}
