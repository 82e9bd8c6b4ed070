// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The exit status of a command.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case success = 0
    case error = 1
    /// The command ran without an error, but with a negative result, such as a wrong code.
    case negative = 2
    case usage = 64
    case unreachable = 69
    case tryLater = 75
    case configuration = 78

    /// The meaning of the exit status, for the help text.
    var meaning: String {
        switch self {
        case .success: "success"
        case .error: "permanent refusal: by the policy, the gateway, or a disabled number"
        case .negative: "negative result: wrong code, no live challenge, failed check, timeout"
        case .usage: "usage: unknown option, or invalid number, token or argument"
        case .unreachable: "the store, the gateway or the inbox is unreachable: retry later"
        case .tryLater: "refused for now by a limit, the guard or the gateway: wait"
        case .configuration: "a setting is missing or invalid: the message names the variable"
        }
    }

    /// All exit statuses and their meanings, one per line, for the help text.
    static var table: String {
        self.allCases.map { "  \("\($0.rawValue)".padding(toLength: 4, withPad: " ", startingAt: 0))\($0.meaning)" }
            .joined(separator: "\n")
    }
}
