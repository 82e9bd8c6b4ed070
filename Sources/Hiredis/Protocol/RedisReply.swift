/// An answer of the server, in the terms of RESP2.
package enum RedisReply: Sendable, Hashable {
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
