/// Joins fields so that no two different lists of fields give the same bytes: each is preceded by its length.
struct FieldEncoding {
    private(set) var bytes: [UInt8] = []

    init() {
        // As much as is hashed for a code with names of usual length.
        self.bytes.reserveCapacity(160)
    }

    /// Adds a field: its length in 4 bytes, most significant first, then its bytes.
    mutating func append(_ field: some Collection<UInt8>) {
        let length = UInt32(field.count)
        for shift in stride(from: 24, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        self.bytes.append(contentsOf: field)
    }

    /// Adds a text in UTF-8.
    mutating func append(_ field: String) {
        self.append(field.utf8)
    }
}
