// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment

/// The secret files of a directory such as `/run/secrets`, each with the value of one variable.
///
/// This type replaces `DirectoryFilesProvider` of swift-configuration 1.4, which ignores symbolic links. All files of a
/// Kubernetes volume are symbolic links.
struct SecretFiles: Sendable {
    /// The maximum number of reads if the files are replaced during each read.
    static let maximumReads = 5

    let directory: String

    /// The contents of the files, keyed by the names of the variables.
    private(set) var values: [String: String] = [:]

    /// Reads each file that has the name of a variable.
    ///
    /// If Kubernetes replaces the files during the read, all files are read again, so the values always belong to one version.
    ///
    /// - Parameters:
    ///   - directory: The path of the directory.
    ///   - variables: The variables to read.
    /// - Throws: `OTPSettingsError` with the path if a file cannot be read.
    init(directory: String, variables: [Variable] = Variable.command) throws(OTPSettingsError) {
        self.directory = directory
        for _ in 0..<Self.maximumReads {
            let version = self.version
            // A replacement can cause an error, for example if it removes a file.
            let values = Result { () throws(OTPSettingsError) in try self.read(variables) }
            guard self.version == version else { continue }
            self.values = try values.get()
            return
        }
        throw OTPSettingsError(
            .invalid,
            Variable.secretsDirectory.name,
            problem: "\(directory): its files were replaced again and again while they were read",
            remedy: "start the command again"
        )
    }

    /// Returns the path of the file that contains the value of a variable.
    func path(of variable: Variable) -> String { "\(self.directory)/\(variable.name)" }

    /// The resolved paths of the directory and its link `..data`, which change when Kubernetes replaces the files.
    private var version: [String] {
        [self.directory, "\(self.directory)/..data"].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    }

    private func read(_ variables: [Variable]) throws(OTPSettingsError) -> [String: String] {
        var values: [String: String] = [:]
        for variable in variables {
            let path = self.path(of: variable)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard let bytes = SmallFile.content(atPath: path), let text = String(bytes: bytes, encoding: .utf8) else {
                throw OTPSettingsError(
                    .invalid,
                    variable.name,
                    problem: "the file cannot be read, is not UTF-8, or is larger than 1 MiB",
                    source: path
                )
            }
            values[variable.name] = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return values
    }
}
