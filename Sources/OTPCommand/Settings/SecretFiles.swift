// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment

/// The files of a directory such as `/run/secrets`, each of which contains the value of one variable.
///
/// `DirectoryFilesProvider` of swift-configuration 1.4 does not read these files: it ignores symbolic links, and all files of a
/// Kubernetes volume are symbolic links.
struct SecretFiles: Sendable {
    private static let maximumSize = 1 << 20

    let directory: String

    /// The values by the names of their variables.
    private(set) var values: [String: String] = [:]

    /// Reads the files that are named like a variable.
    ///
    /// - Parameters:
    ///   - directory: The path of the directory.
    ///   - variables: The variables.
    /// - Throws: `OTPSettingsError` with the path if a file cannot be read.
    init(directory: String, variables: [Variable] = Variable.command) throws(OTPSettingsError) {
        self.directory = directory
        for variable in variables {
            let path = self.path(of: variable)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let bytes = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                .read(upToCount: Self.maximumSize + 1)
            guard let bytes, bytes.count <= Self.maximumSize, let text = String(bytes: bytes, encoding: .utf8) else {
                throw OTPSettingsError(
                    .invalid,
                    variable.name,
                    problem: "the file cannot be read, is not UTF-8, or is larger than 1 MiB",
                    source: path
                )
            }
            self.values[variable.name] = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Returns the path of the file for a variable.
    func path(of variable: Variable) -> String { "\(self.directory)/\(variable.name)" }
}
