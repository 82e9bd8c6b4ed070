// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment

/// The options that locate the sources of settings.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A YAML file with settings (OTP_CONFIG).", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("secrets"),
        help: ArgumentHelp(
            "A directory whose files contain one secret each, named after its variable (OTP_SECRETS_DIRECTORY).",
            valueName: "directory"
        )
    )
    var secretsDirectory: String?

    /// The values of the options, keyed by the overridden variables.
    var values: [Variable: String] {
        let options: [Variable: String?] = [.settingsFile: self.config, .secretsDirectory: self.secretsDirectory]
        return options.compactMapValues(\.self)
    }

    /// Reads the settings from all sources.
    ///
    /// - Parameter options: The values of the command's options, keyed by the overridden variables.
    /// - Returns: The settings.
    /// - Throws: `OTPSettingsError` for the first error in a file.
    func settings(_ options: [Variable: String] = [:]) throws(OTPSettingsError) -> OTPSettings {
        try OTPSettings(options: self.values.merging(options) { $1 })
    }
}

extension OTPSettings {
    /// Reads the settings from the options, the environment, the secret files and the YAML file.
    ///
    /// - Parameter options: The values of the options, keyed by the overridden variables.
    /// - Throws: `OTPSettingsError` for the first error in a file.
    init(options: [Variable: String]) throws(OTPSettingsError) {
        let layers = try SettingsLayers(options: options)
        if let problem = layers.problems.first { throw problem }
        self = layers.settings
    }
}
