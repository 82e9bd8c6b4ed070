// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPEnvironment
import OTPRedis
import SendGuard

/// Runs a closure with the audit stream of the settings, and closes its connections.
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

/// Writes the event of an operator's action to the stream in Redis.
///
/// The action has already taken effect. If the event cannot be written, a note says so.
func recordAction(
    _ event: AuditEvent,
    by operatorName: String?,
    _ settings: OTPSettings,
    _ output: Output
) async {
    var event = event
    event[.operatorName] = operatorName ?? NSUserName()
    do {
        try await withAuditStream(settings) { [event] stream in try await stream.record([event]) }
    } catch {
        output.note("the action has no audit event: \(reason(error))")
    }
}
