// SPDX-License-Identifier: Apache-2.0

public import OTP
public import SendGuard

extension OTPSettings {
    private enum AuditDestination: String {
        case log, redis
    }

    /// Creates the audit trail from `OTP_AUDIT`.
    ///
    /// - Parameter stream: The sink for the value `redis`, such as a `RedisAuditStream`.
    /// - Returns: The trail; `nil` if the variable is not set.
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    public func auditTrail(_ stream: any AuditSink) throws(OTPSettingsError) -> AuditTrail? {
        try self.auditTrail(stream, observer: nil)
    }

    /// Creates the audit trail from `OTP_AUDIT`, with an additional sink.
    ///
    /// - Parameters:
    ///   - stream: The sink for the value `redis`.
    ///   - observer: A sink that receives all events, even if `OTP_AUDIT` is not set; `nil` for no such sink.
    /// - Returns: The trail; `nil` if there is no sink.
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    package func auditTrail(
        _ stream: any AuditSink,
        observer: (any AuditSink)?
    ) throws(OTPSettingsError) -> AuditTrail? {
        guard let text = self.value(.audit) else { return observer.map { AuditTrail([$0]) } }
        let destinations = try self.entries(of: text, in: .audit, "is not a destination of audit events") {
            AuditDestination(rawValue: $0)
        }
        var sinks = [observer].compactMap(\.self)
        if destinations.contains(.log) { sinks.append(LogAuditSink()) }
        if destinations.contains(.redis) { sinks.append(stream) }
        return AuditTrail(sinks)
    }
}
