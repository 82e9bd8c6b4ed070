// SPDX-License-Identifier: Apache-2.0

/// The parsing algorithm in the WICG draft "Origin-bound one-time codes delivered via SMS", step by step.
struct OriginBoundCode: Equatable {
    var host: String
    var embeddedHost: String?
    var code: String

    init?(message: String) {
        // The algorithm works on scalars, because CR LF is a single `Character`.
        var normalized: [Unicode.Scalar] = []
        for scalar in message.unicodeScalars {
            if scalar == "\n", normalized.last == "\r" { normalized.removeLast() }
            normalized.append(scalar)
        }
        let line = Array(normalized.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }.last ?? [])
        var position = 0
        guard let host = Self.token(in: line, at: &position, marker: "@") else { return nil }
        guard position < line.count, line[position] == " " else { return nil }
        position += 1
        guard let code = Self.token(in: line, at: &position, marker: "#") else { return nil }
        self.host = host
        self.code = code
        if position < line.count, line[position] == " " {
            position += 1
            self.embeddedHost = Self.token(in: line, at: &position, marker: "%")
        }
    }

    private static func token(in line: [Unicode.Scalar], at position: inout Int, marker: Unicode.Scalar) -> String? {
        guard position < line.count, line[position] == marker else { return nil }
        position += 1
        var token = String.UnicodeScalarView()
        let whitespace: Set<Unicode.Scalar> = ["\t", "\n", "\u{0C}", "\r", " "]
        while position < line.count, !whitespace.contains(line[position]) {
            token.append(line[position])
            position += 1
        }
        return token.isEmpty ? nil : String(token)
    }
}
