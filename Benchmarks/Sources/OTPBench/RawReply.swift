// SPDX-License-Identifier: Apache-2.0

/// A reply of Redis, parsed by the benchmark.
///
/// The baseline must not share code with the measured client.
enum RawReply: Sendable {
    case status(String)
    case error(String)
    case integer(Int64)
    case bulk([UInt8])
    case array([RawReply])
    case null
}
