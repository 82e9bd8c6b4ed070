import Synchronization

/// The codes of the texts of one request: a batch sends the same text to many numbers, and each is searched once.
final class CodeMemory: Sendable {
    private let find: @Sendable (String) -> CodeExtractor.Code?
    private let codes = Mutex<[String: CodeExtractor.Code?]>([:])

    /// Creates a memory.
    ///
    /// - Parameter find: Finds the code in a text.
    init(find: @escaping @Sendable (String) -> CodeExtractor.Code? = CodeExtractor.code(in:)) {
        self.find = find
    }

    /// The code in a text, which is searched only if it was not before.
    func code(in text: String) -> CodeExtractor.Code? {
        self.codes.withLock { codes in
            if let known = codes[text] { return known }
            let code = self.find(text)
            codes.updateValue(code, forKey: text)
            return code
        }
    }
}
