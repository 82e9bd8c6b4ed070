// SPDX-License-Identifier: Apache-2.0

/// The source of a setting's value.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// An option on the command line.
    case option
    /// An environment variable.
    case environment
    /// A file with the value of one variable.
    case secretFile(path: String)
    /// A line of a YAML file with settings.
    case settingsFile(path: String, line: Int)

    /// The short name of the kind of source.
    package var kind: String {
        switch self {
        case .option: "option"
        case .environment: "environment"
        case .secretFile: "secret file"
        case .settingsFile: "YAML"
        }
    }

    /// The source in error messages.
    ///
    /// A file is shown by its path. For a YAML file, the line number follows, as in `/etc/otp.yaml:12`.
    package var description: String {
        switch self {
        case .option: "the options"
        case .environment: "the environment"
        case .secretFile(let path): path
        case .settingsFile(let path, let line): "\(path):\(line)"
        }
    }
}
