// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPEnvironment
import OTPRedis
import SendGuard

/// Runs a closure with the audit stream that the settings describe, and then closes the connections of the stream.
func withAuditStream<Result: Sendable>(
    _ settings: OTPSettings,
    _ work: (RedisAuditStream) async throws -> Result
) async throws -> Result {
    try await withConnections(to: settings.redis) {
        try RedisAuditStream(configuration: $0, eventLoopGroup: $1)
    } _: {
        try await work($0)
    }
}

/// Writes the audit event of an operator's action to the stream in Redis.
///
/// The action has already been performed. If the event cannot be written, the function only prints a note.
func recordAction(
    _ event: AuditEvent,
    _ settings: OTPSettings,
    _ output: Output
) async {
    do {
        try await withAuditStream(settings) { try await $0.record([event]) }
    } catch {
        output.note("the action has no audit event: \(reason(error))")
    }
}
