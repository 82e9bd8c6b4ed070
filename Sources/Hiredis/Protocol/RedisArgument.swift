/// One word of a command after its name.
///
/// Every value is sent as a length-prefixed byte string, so no value can be parsed as protocol syntax.
package enum RedisArgument: Sendable, Hashable {
    /// A text, sent as UTF-8.
    case text(String)
    /// Any bytes.
    case bytes([UInt8])
    /// A number, sent in decimal.
    case integer(Int64)
}

extension RedisArgument: ExpressibleByStringLiteral {
    /// Creates a text.
    package init(stringLiteral value: String) {
        self = .text(value)
    }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    /// Creates a number.
    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
