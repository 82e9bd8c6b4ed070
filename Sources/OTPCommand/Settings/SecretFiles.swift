// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment

/// The secret files of a directory such as `/run/secrets`.
///
/// Each file contains the value of one variable.
///
/// `DirectoryFilesProvider` of swift-configuration 1.4 cannot read a Kubernetes volume, because it ignores symbolic links, and
/// all files of such a volume are symbolic links.
struct SecretFiles: Sendable {
    private static let maximumSize = 1 << 20

    let directory: String

    /// The contents of the files, keyed by the names of the variables.
    private(set) var values: [String: String] = [:]

    /// Reads each file whose name is the name of a variable.
    ///
    /// - Parameters:
    ///   - directory: The path of the directory.
    ///   - variables: The variables whose files are read.
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

    /// Returns the path of the file that contains the value of a variable.
    func path(of variable: Variable) -> String { "\(self.directory)/\(variable.name)" }
}
