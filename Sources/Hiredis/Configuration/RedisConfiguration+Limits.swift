// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The limits on the size of a reply.
    ///
    /// If a reply exceeds a limit, the client closes the connection.
    public struct Limits: Sendable, Hashable {
        /// The maximum length of a string in a reply, in bytes; the default is 1 MiB.
        public var bulkLength: Int = 1 << 20

        /// The maximum number of elements in all arrays of a reply; the default is 65,536.
        public var arrayElements: Int = 1 << 16

        /// The maximum depth of nested arrays; the default is 7, as in hiredis 0.14.
        public var nesting: Int = 7

        /// The maximum total length of the strings in a reply, in bytes; the default is 4 MiB.
        ///
        /// The limit also applies to the received bytes of an incomplete reply.
        public var replyLength: Int = 4 << 20

        /// Creates the default limits.
        public init() {}
    }
}
