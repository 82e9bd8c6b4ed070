// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The sizes of a reply above which the client closes the connection.
    public struct Limits: Sendable, Hashable {
        /// The maximum length of a string in a reply, in bytes; 1 MiB unless set.
        public var bulkLength: Int = 1 << 20

        /// The maximum number of elements in all arrays of a reply; 65,536 unless set.
        public var arrayElements: Int = 1 << 16

        /// The maximum depth of nested arrays; 7 unless set, which is also the maximum of hiredis 0.14.
        public var nesting: Int = 7

        /// The maximum total length of the strings of a reply, and of an incomplete reply, in bytes; 4 MiB unless set.
        public var replyLength: Int = 4 << 20

        /// Creates the default limits.
        public init() {}
    }
}
