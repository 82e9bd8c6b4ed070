// SPDX-License-Identifier: Apache-2.0

/// An argument of a command.
///
/// Every argument is sent as a length-prefixed byte string, so that no argument can be parsed as protocol syntax.
package enum RedisArgument: Sendable, Hashable {
    /// A string, sent as UTF-8.
    case text(String)
    /// A byte string.
    case bytes([UInt8])
    /// An integer, sent in decimal.
    case integer(Int64)
}

extension RedisArgument: ExpressibleByStringLiteral {
    /// Creates a string argument.
    package init(stringLiteral value: String) {
        self = .text(value)
    }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    /// Creates an integer argument.
    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
