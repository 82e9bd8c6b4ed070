// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTP
import SMSKit

@testable import OTPEnvironment

/// The environment variables of a complete service.
enum Environment {
    /// A text in every secret value that no error may contain.
    static let secret = "c2VjcmV0LXZhbHVl"

    static let complete = [
        "OTP_REDIS_URL": "rediss://app:\(Self.secret)@redis.test:6380/2",
        "OTP_KEYS": KeyRing.makeText(),
        "OTP_COUNTRIES": "SG, gb",
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5test",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Self.secret,
    ]

    /// Returns the settings of a complete service with changes; `nil` removes a variable.
    static func settings(_ changes: [String: String?] = [:]) -> OTPSettings {
        var environment = Self.complete
        for (name, value) in changes { environment[name] = value }
        return OTPSettings(environment: environment)
    }

    /// Reads every setting.
    static func readAll(_ settings: OTPSettings) async throws {
        _ = try settings.redis
        _ = try settings.keys
        let policy = try settings.policy()
        try policy.validate()
        _ = try settings.numberingPlan
        _ = try settings.guardPolicy(for: policy)
        _ = try settings.humanCheck
        _ = try settings.auditTrail(LogAuditSink())
        _ = try settings.messages(for: policy)
        _ = try settings.proxy
        _ = try settings.credential
        try await settings.smsClient().shutdown()
        // Without an AccessKey, the SMS client also reads the settings of the credential chain.
        var values = settings.values
        for name in values.keys where name.hasPrefix("ALIBABA_CLOUD_") { values[name] = nil }
        try await OTPSettings(environment: values).smsClient().shutdown()
    }

    /// Returns the content of a page in the repository.
    static func page(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
}
