// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment
import SystemPackage

/// A shell file with the environment variables of a running `otp demo`.
///
/// In another terminal, the user sources the file. Further `otp` commands in that terminal then connect to the demo.
/// The file is written atomically, and only its owner can read it.
struct EnvironmentFile: Sendable {
    /// The prefix of the first line.
    ///
    /// A demo replaces an existing file only if the file has this prefix.
    private static let mark = "# Written by otp demo"

    let path: String
    private let text: String

    /// Creates the content of the file, but does not write it yet.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - variables: The variables, in the order of the lines.
    ///   - comments: Additional comment lines.
    init(path: String, variables: [(name: String, value: String)], comments: [String]) {
        let head = ["\(Self.mark), process \(ProcessInfo.processInfo.processIdentifier); removed when the demo ends."]
        let exports = variables.map { "export \($0.name)=\(Self.quoted($0.value))" }
        self.path = path
        self.text = (head + comments.map { "# \($0)" } + exports).joined(separator: "\n") + "\n"
    }

    /// Quotes a text as one word for a shell.
    static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: #"'\''"#))'"
    }

    /// Writes the file; throws an error if an existing file at the path was not written by a demo.
    func write() throws(CommandFailure) {
        guard self.isReplaceable else {
            throw CommandFailure(.error, "environmentFile", "\(self.path) exists and was not written by a demo")
        }
        let draft = "\(self.path).\(ProcessInfo.processInfo.processIdentifier).new"
        do {
            let file = try FileDescriptor.open(
                FilePath(draft),
                .writeOnly,
                options: [.create, .exclusiveCreate],
                permissions: .ownerReadWrite
            )
            try file.closeAfter { _ = try file.writeAll(self.text.utf8) }
            guard rename(draft, self.path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(draft)
            throw CommandFailure(.error, "environmentFile", "\(self.path) cannot be written: \(error)")
        }
    }

    /// Removes the file, unless its content has changed since the demo wrote it.
    func remove() {
        guard let found = SmallFile.content(atPath: self.path), found == Data(self.text.utf8) else { return }
        unlink(self.path)
    }

    private var isReplaceable: Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: self.path) else { return true }
        guard attributes[.type] as? FileAttributeType == .typeRegular else { return false }
        return SmallFile.content(atPath: self.path)?.starts(with: Self.mark.utf8) == true
    }
}
