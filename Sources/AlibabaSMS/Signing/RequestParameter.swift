public import Redaction
import TextFormats

/// One parameter of a request, before any encoding.
public struct RequestParameter: Sendable, Hashable {
    /// The name on the wire.
    public var name: String

    /// The value, as it was before any encoding.
    public var value: String

    /// Creates a parameter.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension RequestParameter: Redacted {
    /// The name only: the value may be a phone number or a code.
    public var description: String { "\(self.name)=<redacted>" }
}

extension Array where Element == RequestParameter {
    /// The parameters as the signature wants them: sorted by name in code-point order, encoded, joined.
    package var canonicalQuery: String {
        // The order of UTF-8 is that of the code points. Texts themselves are not compared: `==` holds for two spellings
        // of é that differ in their code points.
        self.map { (name: PercentEncoding.encode($0.name), value: PercentEncoding.encode($0.value), raw: $0.name.utf8) }
            .sorted { left, right in
                left.raw.elementsEqual(right.raw)
                    ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                    : left.raw.lexicographicallyPrecedes(right.raw)
            }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// The number of bytes of ``canonicalQuery``.
    package var canonicalLength: Int {
        self.reduce(Swift.max(0, self.count - 1)) { length, parameter in
            length + PercentEncoding.encodedLength(of: parameter.name) + 1
                + PercentEncoding.encodedLength(of: parameter.value)
        }
    }

    /// The parameters of a query or form, in the order in which they came.
    ///
    /// - Returns: `nil` if an escape is malformed.
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
