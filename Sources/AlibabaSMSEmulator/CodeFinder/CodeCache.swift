// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A cache of the verification codes in the texts of one request.
///
/// A batch sends the same text to many numbers, so each text is searched once.
final class CodeCache: Sendable {
    private let find: @Sendable (String) -> CodeExtractor.Code?
    private let codes = Mutex<[String: CodeExtractor.Code?]>([:])

    /// Creates a cache.
    ///
    /// - Parameter find: A closure that returns the code in a text.
    init(find: @escaping @Sendable (String) -> CodeExtractor.Code? = CodeExtractor.code(in:)) {
        self.find = find
    }

    /// Returns the code in a text.
    func code(in text: String) -> CodeExtractor.Code? {
        self.codes.withLock { codes in
            if let known = codes[text] { return known }
            let code = self.find(text)
            codes.updateValue(code, forKey: text)
            return code
        }
    }
}
