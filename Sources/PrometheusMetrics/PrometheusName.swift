// SPDX-License-Identifier: Apache-2.0

/// Converts names and values to the text format of Prometheus.
enum PrometheusName {
    /// Returns the Prometheus name of a metric, with underscores and a suffix: `_seconds` for a timer, `_total` for a counter.
    ///
    /// - Parameters:
    ///   - label: The label in swift-metrics, such as `otp.issue.duration`.
    ///   - kind: The kind of the metric, which determines the suffix.
    /// - Returns: The name, such as `otp_issue_duration_seconds`.
    static func metric(_ label: String, _ kind: MetricDescription.Kind) -> String {
        let suffix =
            switch kind {
            case .counter: "_total"
            case .timer: "_seconds"
            case .gauge, .recorder: ""
            }
        let name = Self.identifier(label, allowsColon: true)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// Returns the name of a label.
    ///
    /// Names that Prometheus reserves, such as `le` or `__name`, get the prefix `x_`.
    static func label(_ dimension: String) -> String {
        let name = Self.identifier(dimension, allowsColon: false)
        return name == "le" || name.hasPrefix("__") ? "x_\(name)" : name
    }

    /// Escapes the value of a label.
    static func escapedValue(_ text: String) -> String {
        self.escaped(text, quotes: true)
    }

    /// Escapes a help text.
    static func escapedHelp(_ text: String) -> String {
        self.escaped(text, quotes: false)
    }

    /// Escapes a text for a label value or a help text.
    ///
    /// The method iterates over Unicode scalars, because CR LF is a single `Character` in Swift.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: #"\\"#.unicodeScalars)
            case "\n": escaped.append(contentsOf: #"\n"#.unicodeScalars)
            case "\"" where quotes: escaped.append(contentsOf: #"\""#.unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Returns a number in the text format of Prometheus.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
    }

    private static func identifier(_ text: String, allowsColon: Bool) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ":") where allowsColon: name += ":"
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
