import FoundationEssentials

/// A small text file with something secret in it.
struct CredentialFile: Sendable {
    private static let maximumSize = 1024 * 1024

    private let path: String
    private let what: String

    /// Whether there is something at the path.
    var exists: Bool { FileManager.default.fileExists(atPath: self.path) }

    /// Names a file; nothing is read yet.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - what: What an error calls the file.
    init(_ path: String, what: String) {
        self.path = path
        self.what = what
    }

    /// Reads the file.
    ///
    /// - Returns: The text.
    /// - Throws: ``AlibabaSMSError/Code/missingCredential`` if there is no such file, or another error if there is one
    ///   and it cannot be read.
    func text() throws(AlibabaSMSError) -> String {
        guard self.exists else {
            throw .missing("file", "\(self.what) \(self.path) is not there")
        }
        // A pipe or a device could keep whoever reads it waiting, and for ever.
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.resolvedPath)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw .unavailable("file", "\(self.what) \(self.path) is no file")
        }
        guard let data = FileManager.default.contents(atPath: self.path) else {
            throw .unavailable("file", "\(self.what) \(self.path) cannot be read")
        }
        guard data.count <= Self.maximumSize, let text = String(validating: data, as: UTF8.self) else {
            throw .unavailable("file", "\(self.what) \(self.path) is too big or not UTF-8")
        }
        // Editors and shells of Windows put a byte order mark before the text.
        return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    }

    private var resolvedPath: String {
        URL(filePath: self.path).resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
