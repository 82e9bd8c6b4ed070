import CHiredis
import NIOCore

/// A command in the bytes of the protocol, formatted and owned by hiredis, and freed with this value.
@safe struct FormattedCommand: ~Copyable {
    // Safe: it is set once, by hiredis, together with its length, and freed once, in `deinit`.
    private let bytes: UnsafeMutablePointer<CChar>

    /// The number of bytes.
    let count: Int

    /// Formats a command.
    init(_ command: RedisCommand) throws(RedisError) {
        let words = command.count
        // A word never moves once it is copied, so that hiredis can be given pointers into one block.
        let formatted = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.capacity(of: command)) {
            block in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: words) { pointers in
                unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: words) { lengths in
                    var writer = unsafe WordWriter(block: block, pointers: pointers, lengths: lengths)
                    writer.write(command)
                    var target: UnsafeMutablePointer<CChar>?
                    let count = unsafe redisFormatSdsCommandArgv(
                        &target,
                        Int32(words),
                        pointers.baseAddress,
                        writer.sizes
                    )
                    return unsafe (target, Int(count))
                }
            }
        }
        guard let bytes = unsafe formatted.0, unsafe formatted.1 >= 0 else { throw .outOfMemory }
        unsafe self.bytes = bytes
        unsafe self.count = formatted.1
    }

    deinit {
        unsafe redisFreeSdsCommand(self.bytes)
    }

    /// Copies the command to the end of a buffer.
    borrowing func append(to buffer: inout ByteBuffer) {
        _ = unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: self.bytes, count: self.count))
    }

    /// The bytes that the words of a command take at most.
    private static func capacity(of command: RedisCommand) -> Int {
        var capacity = command.name.utf8.count
        if let call = command.scriptCall {
            capacity += call.script.utf8.count + WordWriter.longestInteger
            for key in call.keys { capacity += key.utf8.count }
        }
        for argument in command.arguments {
            switch argument {
            case .text(let text): capacity += text.utf8.count
            case .bytes(let bytes): capacity += bytes.count
            case .integer: capacity += WordWriter.longestInteger
            }
        }
        return capacity
    }
}

/// Copies words side by side into one block, and notes where each begins and how long it is.
@safe private struct WordWriter: ~Copyable {
    /// The number of characters of `Int64.min`.
    static let longestInteger = 20

    // Safe: the three buffers outlive this value, which lives inside the closures that lend them.
    private let block: UnsafeMutableBufferPointer<CChar>
    private let pointers: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>
    private let lengths: UnsafeMutableBufferPointer<Int>
    private var words = 0
    private var position = 0

    init(
        block: UnsafeMutableBufferPointer<CChar>,
        pointers: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>,
        lengths: UnsafeMutableBufferPointer<Int>
    ) {
        unsafe self.block = block
        unsafe self.pointers = pointers
        unsafe self.lengths = lengths
    }

    var sizes: UnsafePointer<Int>? {
        unsafe UnsafePointer(self.lengths.baseAddress)
    }

    mutating func write(_ command: RedisCommand) {
        self.write(command.name)
        if let call = command.scriptCall {
            self.write(call.script)
            self.write(Int64(call.keys.count))
            for key in call.keys { self.write(key) }
        }
        for argument in command.arguments {
            switch argument {
            case .text(let text): self.write(text)
            case .bytes(let bytes): unsafe bytes.withUnsafeBytes { unsafe self.write($0) }
            case .integer(let number): self.write(number)
            }
        }
    }

    private mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { unsafe self.write(UnsafeRawBufferPointer($0)) }
    }

    private mutating func write(_ number: Int64) {
        self.write(String(number))
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        let end = self.position + bytes.count
        let place = unsafe UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(self.block)[self.position..<end]
        )
        unsafe place.copyMemory(from: bytes)
        // An empty word has no bytes to point at, and hiredis does not look at the pointer of one.
        unsafe self.pointers.initializeElement(
            at: self.words,
            to: self.block.baseAddress.map { unsafe UnsafePointer($0 + self.position) }
        )
        unsafe self.lengths.initializeElement(at: self.words, to: bytes.count)
        self.words += 1
        self.position = end
    }
}
