// SPDX-License-Identifier: Apache-2.0

/// The place from which the value of a setting was read.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// An option on the command line.
    case option
    /// An environment variable.
    case environment
    /// A file that contains the value of one variable.
    case secretFile(path: String)
    /// A line of a YAML file with settings.
    case settingsFile(path: String, line: Int)

    /// The kind of source, as a short name.
    package var kind: String {
        switch self {
        case .option: "option"
        case .environment: "environment"
        case .secretFile: "secret file"
        case .settingsFile: "YAML"
        }
    }

    /// The name of the source in error messages.
    ///
    /// The name of a file is its path. The name of a YAML file also contains the line number, as in `/etc/otp.yaml:12`.
    package var description: String {
        switch self {
        case .option: "the options"
        case .environment: "the environment"
        case .secretFile(let path): path
        case .settingsFile(let path, let line): "\(path):\(line)"
        }
    }
}
