import Foundation
import SystemPackage

/// A file of `export` lines with which another terminal reaches a demo.
///
/// Only its owner can read it; it appears whole or not at all.
struct EnvironmentFile: Sendable {
    /// How the first line begins, by which a later demo knows that the file may be replaced.
    private static let mark = "# Written by otp demo"

    let path: String
    private let text: String

    /// Makes the text; nothing is written yet.
    ///
    /// - Parameters:
    ///   - path: Where the file shall be.
    ///   - variables: The variables, in order.
    ///   - comments: What else to say.
    init(path: String, variables: [(name: String, value: String)], comments: [String]) {
        let head = ["\(Self.mark), process \(ProcessInfo.processInfo.processIdentifier); it goes when the demo ends."]
        let exports = variables.map { "export \($0.name)=\(Self.quoted($0.value))" }
        self.path = path
        self.text = (head + comments.map { "# \($0)" } + exports).joined(separator: "\n") + "\n"
    }

    /// A text as a shell takes it literally.
    static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: #"'\''"#))'"
    }

    /// Writes the file, unless something that no demo wrote is in its place.
    func write() throws(CommandFailure) {
        guard self.isReplaceable else {
            throw CommandFailure(.error, "environmentFile", "\(self.path) is there already, and no demo wrote it")
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

    /// Removes the file if it is still what was written.
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
