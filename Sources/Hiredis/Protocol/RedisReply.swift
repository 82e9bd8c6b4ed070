// SPDX-License-Identifier: Apache-2.0

/// A reply in RESP2.
package enum RedisReply: Sendable, Hashable {
    /// An integer.
    case integer(Int64)
    /// A simple string such as `OK`.
    case status(String)
    /// A bulk string, which may contain any bytes.
    case bulk([UInt8])
    /// The null bulk string or the null array.
    case null
    /// An array of replies.
    case array([RedisReply])
    /// An error reply.
    ///
    /// If the whole reply is an error, ``RedisClient`` throws a ``RedisError``. Callers of the client therefore receive this
    /// case only within an array.
    case error(String)
}
