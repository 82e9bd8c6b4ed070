// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage

/// A file of `export` lines, which connects another terminal to a demo.
///
/// Only the owner can read the file. The file is created atomically.
struct EnvironmentFile: Sendable {
    /// The beginning of the first line.
    ///
    /// A demo may replace an existing file that begins with this text.
    private static let mark = "# Written by otp demo"

    let path: String
    private let text: String

    /// Creates the content of the file, without writing the file.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - variables: The variables, in order.
    ///   - comments: Additional comment lines.
    init(path: String, variables: [(name: String, value: String)], comments: [String]) {
        let head = ["\(Self.mark), process \(ProcessInfo.processInfo.processIdentifier); removed when the demo ends."]
        let exports = variables.map { "export \($0.name)=\(Self.quoted($0.value))" }
        self.path = path
        self.text = (head + comments.map { "# \($0)" } + exports).joined(separator: "\n") + "\n"
    }

    /// Returns a text quoted for a shell.
    static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: #"'\''"#))'"
    }

    /// Writes the file, unless the path already contains a file that no demo wrote.
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

    /// Removes the file, unless its content was changed.
    func remove() {
        guard let found = try? String(contentsOfFile: self.path, encoding: .utf8), found == self.text else { return }
        unlink(self.path)
    }

    private var isReplaceable: Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: self.path) else { return true }
        guard attributes[.type] as? FileAttributeType == .typeRegular else { return false }
        return (try? String(contentsOfFile: self.path, encoding: .utf8))?.hasPrefix(Self.mark) == true
    }
}
