// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import OTPEnvironment

/// All sources of settings, in descending order of precedence.
///
/// Each source is a provider of swift-configuration. A `ConfigReader` does not return the source of a value, so this type
/// queries the providers itself.
struct SettingsLayers: Sendable {
    private struct Layer: Sendable {
        let provider: any ConfigProvider
        let source: @Sendable (Variable) -> SettingSource
    }

    private let layers: [Layer]
    private let environment: [String: String]

    /// The errors in the YAML file.
    let problems: [OTPSettingsError]

    /// Reads all sources.
    ///
    /// - Parameters:
    ///   - options: The values of the command's options, keyed by the overridden variables.
    ///   - environment: The environment variables.
    /// - Throws: `OTPSettingsError` if a file cannot be read.
    init(
        options: [Variable: String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(OTPSettingsError) {
        self.environment = environment
        let located = options.merging(Self.locations(environment)) { option, _ in option }
        let secrets = try Self.secrets(located[.secretsDirectory])
        let file = try located[.settingsFile]
            .map { path throws(OTPSettingsError) in
                try SettingsFile(path: path, content: SmallFile.content(atPath: path))
            }
        self.problems = file?.problems ?? []
        let named = Dictionary(uniqueKeysWithValues: options.map { ($0.key.name, $0.value) })
        var layers = [
            Layer(provider: Self.provider("options", named)) { _ in .option },
            Layer(provider: Self.provider(environment)) { _ in .environment },
            Layer(provider: Self.provider("secret files", secrets.values)) { .secretFile(path: secrets.path(of: $0)) },
        ]
        if let file {
            let provider = Self.provider(file.path, file.values.mapValues(\.text))
            layers.append(
                Layer(provider: provider) {
                    .settingsFile(path: file.path, line: file.values[$0.name]?.line ?? 0)
                }
            )
        }
        self.layers = layers
    }

    /// The settings from all sources: for each variable, the value from the first source that has a value.
    var settings: OTPSettings {
        // The credential chain reads further environment variables, so all of them are kept.
        var values = self.environment
        var sources: [String: SettingSource] = [:]
        for variable in Variable.sources + Variable.command {
            guard let (value, source) = self.value(of: variable) else { continue }
            sources[variable.name] = source
            if source != .environment {
                values[variable.name] = value
                if let alias = variable.alias { values[alias] = nil }
            } else if let alias = variable.alias {
                sources[alias] = source
            }
        }
        return OTPSettings(values: values, sources: sources)
    }

    private func value(of variable: Variable) -> (String, SettingSource)? {
        for layer in self.layers {
            let result = try? layer.provider.value(forKey: AbsoluteConfigKey([variable.name]), type: .string)
            guard case .string(let text) = result?.value?.content, !text.isEmpty else { continue }
            return (text, layer.source(variable))
        }
        return nil
    }

    private static func provider(_ environment: [String: String]) -> EnvironmentVariablesProvider {
        EnvironmentVariablesProvider(
            environmentVariables: self.withoutAliases(environment),
            secretsSpecifier: .all
        )
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: true))
                }
            )
        )
    }

    /// Returns the paths of the YAML file and of the secrets directory from the environment variables.
    private static func locations(_ environment: [String: String]) -> [Variable: String] {
        var locations: [Variable: String] = [:]
        for variable in Variable.sources {
            guard let path = environment[variable.name], !path.isEmpty else { continue }
            locations[variable] = path
        }
        return locations
    }

    /// Reads the secret files; throws an error if the given directory does not exist.
    private static func secrets(_ directory: String?) throws(OTPSettingsError) -> SecretFiles {
        var isDirectory: ObjCBool = false
        if let directory,
            !FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) || !isDirectory.boolValue
        {
            let variable = Variable.secretsDirectory
            let problem = "\(directory) is not a directory"
            throw OTPSettingsError(.invalid, variable.name, problem: problem, remedy: variable.remedy)
        }
        return try SecretFiles(directory: directory ?? Variable.secretsDirectory.defaultText ?? "")
    }

    /// Returns the environment, in which each variable without a value has the value of its alias.
    ///
    /// For example, `https_proxy` is the alias of `HTTPS_PROXY`.
    private static func withoutAliases(_ environment: [String: String]) -> [String: String] {
        var environment = environment
        for variable in Variable.command {
            guard let alias = variable.alias, environment[variable.name, default: ""].isEmpty else { continue }
            environment[variable.name] = environment[alias]
        }
        return environment
    }
}
