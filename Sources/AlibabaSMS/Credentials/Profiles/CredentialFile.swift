// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A small text file that contains secrets.
struct CredentialFile: Sendable {
    private static let maximumSize = 1024 * 1024

    private let path: String
    private let what: String

    /// Whether a file exists at the path.
    var exists: Bool { FileManager.default.fileExists(atPath: self.path) }

    /// Creates a reference to a file without reading the file.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - what: The description of the file in error messages.
    init(_ path: String, what: String) {
        self.path = path
        self.what = what
    }

    /// Reads the file.
    ///
    /// - Returns: The text of the file.
    /// - Throws: ``AlibabaSMSError/Code/missingCredential`` if the file does not exist, or another error if the file cannot be
    ///   read.
    func text() throws(AlibabaSMSError) -> String {
        guard self.exists else {
            throw .missing("file", "\(self.what) \(self.path) does not exist")
        }
        // Reading a pipe or a device could block forever, and a large file would fill the memory.
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.resolvedPath)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw .unavailable("file", "\(self.what) \(self.path) is not a regular file")
        }
        guard Self.size(in: attributes) <= Self.maximumSize else {
            throw .unavailable("file", "\(self.what) \(self.path) is larger than 1 MiB")
        }
        guard let data = FileManager.default.contents(atPath: self.path) else {
            throw .unavailable("file", "\(self.what) \(self.path) cannot be read")
        }
        guard data.count <= Self.maximumSize, let text = String(validating: data, as: UTF8.self) else {
            throw .unavailable("file", "\(self.what) \(self.path) is too large or not UTF-8")
        }
        // Windows editors and shells write a byte order mark.
        return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Returns the size of a file.
    ///
    /// The type of the size attribute depends on the version of Foundation.
    private static func size(in attributes: [FileAttributeKey: Any]?) -> Int {
        switch attributes?[.size] {
        case let size as Int: size
        case let size as any BinaryInteger: Int(clamping: size)
        default: 0
        }
    }

    private var resolvedPath: String {
        URL(filePath: self.path).resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
