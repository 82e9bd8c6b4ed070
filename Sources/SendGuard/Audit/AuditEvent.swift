// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import SMSKit

/// An event of the audit trail, without secrets.
///
/// Never put a code, a token, a key or a full phone number into an event. To add a phone number, call ``set(number:)``, which
/// masks the number. Later versions may add fields.
public struct AuditEvent: Sendable, Hashable {
    /// The kind of the event.
    public let kind: Kind

    /// The time of the event.
    ///
    /// Decisions have the time of the ledger's clock. All other events have the time of the host's clock.
    public let time: Date

    /// The values of the event, keyed by their names.
    public private(set) var fields: [Field: String]

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - kind: The kind of the event.
    ///   - time: The time of the event.
    ///   - fields: The values of the event, keyed by their names.
    public init(_ kind: Kind, at time: Date, _ fields: [Field: String] = [:]) {
        self.kind = kind
        self.time = time
        self.fields = fields
    }

    /// Reads or sets the value of a field; `nil` if the event has no such field.
    public subscript(_ field: Field) -> String? {
        get { self.fields[field] }
        set { self.fields[field] = newValue }
    }

    /// Sets the fields of a phone number: the masked number and the region.
    ///
    /// - Parameter number: The number.
    public mutating func set(number: PhoneNumber) {
        self[.number] = number.description
        self[.region] = number.region?.code
    }

    /// Sets the fields of a finding: the rule, the effect, the measured value, the threshold and the wait.
    ///
    /// - Parameter finding: The finding.
    public mutating func set(_ finding: GuardFinding) {
        self[.rule] = finding.rule.description
        self[.effect] = finding.effect.name
        self[.measured] = String(finding.measured)
        self[.threshold] = String(finding.threshold)
        self[.wait] = String(finding.wait)
    }
}

extension AuditEvent: CustomStringConvertible {
    /// A text with the kind, followed by the names and the values of all fields.
    ///
    /// The fields are sorted by name.
    public var description: String {
        let texts = self.fields.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key)=\($0.value)" }
        return ([self.kind.rawValue] + texts).joined(separator: " ")
    }
}

extension GuardFinding {
    /// Creates a finding from the fields of an event; `nil` if the event contains no finding.
    init?(_ event: AuditEvent) {
        func number(_ field: AuditEvent.Field) -> Int? { event[field].flatMap { Int($0) } }
        guard let rule = event[.rule].flatMap({ GuardRule.Name($0) }),
            let effect = Effect.allCases.first(where: { $0.name == event[.effect] }),
            let measured = number(.measured), let threshold = number(.threshold), let wait = number(.wait)
        else { return nil }
        self.init(rule, effect, measured: measured, threshold: threshold, wait: wait)
    }
}

extension GuardFinding.Effect {
    /// The name of the effect, such as `alert`.
    package var name: String { "\(self)" }
}
