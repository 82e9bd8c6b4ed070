// SPDX-License-Identifier: Apache-2.0

/// The place from which the value of a setting was read.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// An option of the command.
    case option
    /// An environment variable.
    case environment
    /// A file that contains only this value.
    case secretFile(path: String)
    /// A line of a YAML file.
    case settingsFile(path: String, line: Int)

    /// A short name of the kind of source.
    package var kind: String {
        switch self {
        case .option: "option"
        case .environment: "environment"
        case .secretFile: "secret file"
        case .settingsFile: "YAML"
        }
    }

    /// The source for an error message: the path with the line, or the kind of source.
    package var description: String {
        switch self {
        case .option: "the options"
        case .environment: "the environment"
        case .secretFile(let path): path
        case .settingsFile(let path, let line): "\(path):\(line)"
        }
    }
}
