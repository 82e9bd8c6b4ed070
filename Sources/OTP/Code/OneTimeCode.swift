// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// A plaintext code, which exists only during one call of the service.
///
/// The value cannot be copied, printed or encoded. Its bytes are in a `SymmetricKey`, which overwrites its memory on
/// deallocation. The typed text, the input of the hash, the message and the gateway request also contain the code. The memory
/// of these copies is not overwritten.
struct OneTimeCode: ~Copyable {
    private let storage: SymmetricKey

    init(bytes: some ContiguousBytes) {
        self.storage = SymmetricKey(data: bytes)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.storage.withUnsafeBytes(body)
    }

    /// The code as text.
    var text: String {
        self.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
