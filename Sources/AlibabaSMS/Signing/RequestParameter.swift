// SPDX-License-Identifier: Apache-2.0

import Redaction
import TextFormats

/// An unencoded parameter of a request.
package struct RequestParameter: Sendable, Hashable {
    /// The name of the parameter.
    package var name: String

    /// The unencoded value of the parameter.
    package var value: String

    /// Creates a parameter.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension RequestParameter: Redacted {
    /// The name of the parameter, without the value, which may be a phone number or a code.
    package var description: String { "\(self.name)=<redacted>" }
}

extension Array where Element == RequestParameter {
    /// The encoded parameters, sorted by the code points of their names and joined by `&`, as the signature requires.
    package var canonicalQuery: String {
        // The comparison uses UTF-8 bytes, which sort like code points. String comparison treats canonically equivalent texts
        // as equal.
        self.map { (name: PercentEncoding.encode($0.name), value: PercentEncoding.encode($0.value), raw: $0.name.utf8) }
            .sorted { left, right in
                left.raw.elementsEqual(right.raw)
                    ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                    : left.raw.lexicographicallyPrecedes(right.raw)
            }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// The length of ``canonicalQuery`` in bytes.
    package var canonicalLength: Int {
        self.reduce(Swift.max(0, self.count - 1)) { length, parameter in
            length + PercentEncoding.encodedLength(of: parameter.name) + 1
                + PercentEncoding.encodedLength(of: parameter.value)
        }
    }

    /// Parses a URL query or an HTML form, or returns `nil` if a percent escape is malformed.
    ///
    /// The order of the parameters is kept.
    package init?(form: some StringProtocol) {
        self = []
        for pair in form.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard
                let name = PercentEncoding.decodeForm(parts[0]),
                let value = PercentEncoding.decodeForm(parts.count == 2 ? parts[1] : "")
            else { return nil }
            self.append(RequestParameter(name, value))
        }
    }
}
