// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging

/// The minimum level of log records of `otp serve`.
enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case debug, info, notice, warning, error

    /// The corresponding level of swift-log.
    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
