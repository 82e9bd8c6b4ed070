/// Joins fields so that no two different lists of fields give the same bytes: each is preceded by its length.
struct FieldEncoding {
    private(set) var bytes: [UInt8] = []

    /// Begins with fields that are always the same, or with none.
    init(after prefix: FieldEncoding? = nil) {
        // As much as is hashed for a code with names of usual length.
        self.bytes.reserveCapacity(160)
        if let prefix { self.bytes += prefix.bytes }
    }

    /// Adds a field: its length in 4 bytes, most significant first, then its bytes.
    mutating func append(_ field: some Collection<UInt8>) {
        self.append(length: field.count)
        self.bytes.append(contentsOf: field)
    }

    /// Adds a text in UTF-8.
    mutating func append(_ field: String) {
        var field = field
        field.withUTF8 { self.append($0) }
    }

    private mutating func append(length: Int) {
        withUnsafeBytes(of: UInt32(length).bigEndian) { self.bytes.append(contentsOf: $0) }
    }
}
