/// Joins fields so that no two different lists of fields give the same bytes: each is preceded by its length.
struct FieldEncoding {
    private(set) var bytes: [UInt8] = []

    /// Adds a field: its length in 4 bytes, most significant first, then its bytes.
    mutating func append(_ field: some Sequence<UInt8>) {
        let start = self.bytes.count
        self.bytes += [0, 0, 0, 0]
        self.bytes += field
        let length = UInt32(self.bytes.count - start - 4)
        for (offset, shift) in [24, 16, 8, 0].enumerated() {
            self.bytes[start + offset] = UInt8(truncatingIfNeeded: length >> shift)
        }
    }

    /// Adds a text in UTF-8.
    mutating func append(_ field: String) {
        self.append(field.utf8)
    }
}
