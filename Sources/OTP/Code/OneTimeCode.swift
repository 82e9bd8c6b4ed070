import Crypto
import Foundation

/// A code in clear, for as long as one step needs it.
///
/// Its bytes are in a `SymmetricKey`, which overwrites them when it ends. It cannot be copied, printed or encoded. That is
/// the best that can be had: what a person typed, the input of the hash, the text of a message and the request to a
/// gateway are copies that nothing overwrites.
struct OneTimeCode: ~Copyable {
    private let storage: SymmetricKey

    init(bytes: some ContiguousBytes) {
        self.storage = SymmetricKey(data: bytes)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.storage.withUnsafeBytes(body)
    }

    /// The code as its receiver reads it.
    var text: String {
        self.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
