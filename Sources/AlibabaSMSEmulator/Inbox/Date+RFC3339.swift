import FoundationEssentials

/// Times as the inbox shows them: whole milliseconds, so that a time that was written is read as the same.
extension Date {
    /// The nearest time with whole milliseconds.
    var inMilliseconds: Date {
        Date(timeIntervalSince1970: (self.timeIntervalSince1970 * 1000).rounded() / 1000)
    }

    /// The time as RFC 3339 has it, with milliseconds.
    var rfc3339: String {
        let milliseconds = (self.timeIntervalSince1970 * 1000).rounded()
        let seconds = (milliseconds / 1000).rounded(.down)
        let fraction = "00\(Int(milliseconds - seconds * 1000))".suffix(3)
        // The formatter cuts a fraction off instead of rounding it, so it gets none.
        return "\(Date(timeIntervalSince1970: seconds).formatted(.iso8601).dropLast()).\(fraction)Z"
    }

    /// Reads a time as RFC 3339 has it, with or without a fraction.
    init?(rfc3339 text: String) {
        let withFraction = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        guard let date = withFraction ?? (try? Date(text, strategy: Date.ISO8601FormatStyle())) else { return nil }
        self = date.inMilliseconds
    }
}
