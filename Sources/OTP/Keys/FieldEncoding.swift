/// Joins fields so that no two different lists of fields give the same bytes: each is preceded by its length.
struct FieldEncoding {
    private(set) var bytes: [UInt8] = []

    /// Adds a field: its length in 4 bytes, most significant first, then its bytes.
    mutating func append(_ field: some Collection<UInt8>) {
        let length = UInt32(field.count)
        self.bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        self.bytes += field
    }

    /// Adds a text in UTF-8.
    mutating func append(_ field: String) {
        self.append(field.utf8)
    }
}
