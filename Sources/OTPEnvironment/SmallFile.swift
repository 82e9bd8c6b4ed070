// SPDX-License-Identifier: Apache-2.0

package import Foundation
import SystemPackage

/// A small file, such as a list of API keys or the texts of messages.
package enum SmallFile {
    /// The maximum size in bytes.
    package static let maximumSize = 1 << 20

    /// Returns the content of a file.
    ///
    /// The method stops reading after 1 MiB, because the size of a pipe, a device or a growing file cannot be checked in
    /// advance.
    ///
    /// - Parameter path: The path of the file.
    /// - Returns: The content; `nil` if the file cannot be read, or is larger than 1 MiB.
    package static func content(atPath path: String) -> Data? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        return try? file.closeAfter { try self.content(of: file) }
    }

    private static func content(of file: FileDescriptor) throws -> Data? {
        var content = Data()
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while content.count <= self.maximumSize {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            guard count > 0 else { return content }
            content.append(contentsOf: chunk[..<count])
        }
        return nil
    }
}
