/// An answer of the server, in the terms of RESP2.
public enum RedisReply: Sendable, Hashable {
    /// A number.
    case integer(Int64)
    /// A short text such as `OK`.
    case status(String)
    /// A string of any bytes.
    case bulk([UInt8])
    /// No value.
    case null
    /// Several replies.
    case array([RedisReply])
    /// An error among the elements of an array; as the whole answer it is thrown instead.
    case error(String)
}

/// One word of a command after its name.
///
/// Every value is sent as a string of bytes with its length, so nothing in it is ever taken for syntax.
public enum RedisArgument: Sendable, Hashable {
    /// A text, sent as UTF-8.
    case text(String)
    /// Any bytes.
    case bytes([UInt8])
    /// A number, sent in decimal.
    case integer(Int64)
}

extension RedisArgument: ExpressibleByStringLiteral {
    /// Creates a text.
    public init(stringLiteral value: String) {
        self = .text(value)
    }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    /// Creates a number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
