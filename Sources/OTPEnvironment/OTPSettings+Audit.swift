// SPDX-License-Identifier: Apache-2.0

public import OTP
public import SendGuard

extension OTPSettings {
    private enum AuditDestination: String {
        case log, redis
    }

    /// Creates the audit trail that `OTP_AUDIT` configures.
    ///
    /// - Parameter stream: The sink that receives the events if `OTP_AUDIT` contains `redis`, such as a `RedisAuditStream`.
    /// - Returns: The trail; `nil` if the variable is not set.
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    public func auditTrail(_ stream: any AuditSink) throws(OTPSettingsError) -> AuditTrail? {
        guard let text = self.value(.audit) else { return nil }
        let destinations = try self.entries(of: text, in: .audit, "is not a destination of audit events") {
            AuditDestination(rawValue: $0)
        }
        var sinks: [any AuditSink] = []
        if destinations.contains(.log) { sinks.append(LogAuditSink()) }
        if destinations.contains(.redis) { sinks.append(stream) }
        return AuditTrail(sinks)
    }
}
