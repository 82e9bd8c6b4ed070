// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPEnvironment
import OTPRedis
import SendGuard

/// Opens the audit stream, passes it to a closure, and then closes its connections.
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
/// The action is already done, so the function only prints a note if the event cannot be written.
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
