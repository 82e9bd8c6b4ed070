// SPDX-License-Identifier: Apache-2.0

/// The phone numbers that have a predefined fault.
///
/// A message to such a number has this fault if no rule determines a fault. Tests can therefore cause the fault without a rule.
/// The numbers are in the British range `+44 7700 900000` to `+44 7700 900999`, which is reserved for fiction.
public enum MagicNumbers {
    /// The faults, keyed by the phone number in E.164 form.
    public static let faults: [String: Fault] = [
        "+447700900001": .undelivered(code: "UNDELIV"),
        "+447700900002": .reject(code: "MOBILE_NUMBER_ILLEGAL"),
        "+447700900003": .reject(code: "AMOUNT_NOT_ENOUGH"),
        "+447700900004": .reject(code: "Throttling.User", retryAfter: .seconds(1)),
        "+447700900005": .hang(),
        "+447700900006": .acceptThenClose,
        "+447700900007": .duplicate,
        "+447700900008": .unreachable,
        "+447700900009": .http(status: 503),
        "+447700900010": .garbage(afterProcessing: true),
        "+447700900011": .slow(by: .seconds(3)),
        "+447700900012": .reject(code: "SYSTEM_ERROR"),
        "+447700900013": .reject(code: "ALERT_LIMIT_DAY"),
        "+447700900014": .reportDelay(by: .seconds(60)),
    ]
}
