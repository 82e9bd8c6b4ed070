// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// RFC 3339 timestamps in UTC.
///
/// Formatting and parsing round to whole milliseconds. Formatting a date and parsing the result yields the `inMilliseconds` of
/// the date.
extension Date {
    /// The date, rounded to whole milliseconds.
    package var inMilliseconds: Date {
        Date(timeIntervalSince1970: (self.timeIntervalSince1970 * 1000).rounded() / 1000)
    }

    /// The timestamp with three digits for milliseconds, such as `2026-11-25T10:00:00.000Z`.
    package var rfc3339: String {
        let milliseconds = (self.timeIntervalSince1970 * 1000).rounded()
        let seconds = (milliseconds / 1000).rounded(.down)
        let fraction = "00\(Int(milliseconds - seconds * 1000))".suffix(3)
        // The formatter truncates fractions instead of rounding them, so it formats only the whole seconds.
        return "\(Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast()).\(fraction)Z"
    }

    /// Parses a timestamp with or without a fraction of a second, or returns `nil` if the text is not a timestamp.
    ///
    /// - Parameter text: The timestamp.
    package init?(rfc3339 text: String) {
        let withFraction = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        guard let date = withFraction ?? (try? Date(text, strategy: Date.ISO8601FormatStyle())) else { return nil }
        self = date.inMilliseconds
    }
}
