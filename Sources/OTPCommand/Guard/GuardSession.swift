// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPEnvironment
import OTPRedis
import SendGuard

/// Creates the guard from the settings, passes it to a closure, and then closes all connections.
func withGuard<Result: Sendable>(
    _ settings: OTPSettings,
    _ work: (SMSGuard) async throws -> Result
) async throws -> Result {
    do {
        return try await withConnections(to: settings.redis) {
            try RedisSendLedger(configuration: $0, eventLoopGroup: $1)
        } _: {
            try await work(try settings.sendGuard($0))
        }
    } catch let error as GuardConfigurationError {
        throw CommandFailure(.configuration, "unusableSetting", "the policy of the guard cannot be used: \(error)")
    }
}

extension OTPSettings {
    /// Creates the guard from the variable `OTP_GUARD`, which is required.
    fileprivate func sendGuard(_ ledger: RedisSendLedger) throws -> SMSGuard {
        // Destinations matter only to a service. This command only reads the rules of the policy.
        guard let policy = try self.guardPolicy(destinations: []) else {
            let remedy = "set it as the services do"
            throw OTPSettingsError(.missing, "OTP_GUARD", problem: "it is not set", remedy: remedy)
        }
        return try SMSGuard(policy: policy, ledger: ledger, hash: try self.keys.scopeHash, reportInterval: nil)
    }
}
