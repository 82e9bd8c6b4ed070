// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment

extension OTPSettings {
    /// The settings in the environment variables.
    ///
    /// Every command first checks that the values are UTF-8.
    static var environment: OTPSettings { OTPSettings(options: [:]) }

    /// Creates settings in which options override the environment.
    ///
    /// - Parameters:
    ///   - options: The values of the options, by the name of the overridden variable.
    ///   - environment: The variables of the environment.
    init(options: [String: String], environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(environment: environment.merging(options) { _, option in option })
    }
}
