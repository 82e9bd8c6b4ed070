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
        return Self.parts(seconds).map { Self.text($0, fraction) }
            ?? "\(Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast()).\("00\(fraction)".suffix(3))Z"
    }

    /// Returns the year, month, day, hour, minute and second; `nil` for a year that does not have four digits.
    private static func parts(_ seconds: Double) -> [Int]? {
        guard let whole = Int(exactly: seconds) else { return nil }
        var time = time_t(whole)
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil, (-900...8099).contains(parts.tm_year) else { return nil }
        return [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map(Int.init)
    }

    private static func text(_ parts: [Int], _ fraction: Int) -> String {
        let separators = Array("--T::.".utf8)
        return String(unsafeUninitializedCapacity: 24) { text in
            var end = 0
            func write(_ number: Int, _ digits: Int, _ separator: UInt8) {
                var rest = number
                for position in (end..<end + digits).reversed() {
                    text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[end + digits] = separator
                end += digits + 1
            }
            for (position, part) in parts.enumerated() { write(part, position == 0 ? 4 : 2, separators[position]) }
            write(fraction, 3, UInt8(ascii: "Z"))
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
