// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment

extension OTPSettings {
    /// The settings of the environment, which every command checks for invalid UTF-8 first.
    static var environment: OTPSettings { OTPSettings(options: [:]) }

    /// Creates settings in which options override the environment.
    ///
    /// - Parameters:
    ///   - options: The values of options, by the name of the variable that each overrides.
    ///   - environment: The environment.
    init(options: [String: String], environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(environment: environment.merging(options) { _, option in option })
    }
}
