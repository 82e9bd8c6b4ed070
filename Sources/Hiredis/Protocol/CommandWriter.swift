// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension ByteBuffer {
    /// Writes a command in RESP, as an array of length-prefixed strings.
    ///
    /// The method writes the same bytes as hiredis, but is faster.
    ///
    /// - Returns: The number of bytes written.
    @discardableResult
    mutating func writeCommand(_ command: RedisCommand) -> Int {
        unsafe self.writeWithUnsafeMutableBytes(minimumWritableBytes: command.sizeBound) { space in
            var writer = unsafe CommandWriter(space)
            writer.write(command)
            return writer.count
        }
    }
}

/// Encodes the words of a command into a buffer.
@safe private struct CommandWriter: ~Copyable {
    // Safe: the writer exists only inside the closure that borrows the buffer. The buffer has room for the size bound of the
    // command.
    private let space: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ space: UnsafeMutableRawBufferPointer) {
        unsafe self.space = space
    }

    mutating func write(_ command: RedisCommand) {
        self.write(command.count, after: UInt8(ascii: "*"))
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
        // Most integers are the number of keys, which is usually 1. Single digits are therefore written without a string.
        guard 0..<10 ~= number else { return self.write(String(number)) }
        self.write(1, after: UInt8(ascii: "$"))
        self.write(decimal: Int(number))
        self.endLine()
    }

    private mutating func write(_ word: UnsafeRawBufferPointer) {
        self.write(word.count, after: UInt8(ascii: "$"))
        let end = self.count + word.count
        unsafe UnsafeMutableRawBufferPointer(rebasing: self.space[self.count..<end]).copyMemory(from: word)
        self.count = end
        self.endLine()
    }

    private mutating func write(_ length: Int, after sign: UInt8) {
        self.write(sign)
        self.write(decimal: length)
        self.endLine()
    }

    private mutating func write(decimal number: Int) {
        if number >= 10 { self.write(decimal: number / 10) }
        self.write(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func endLine() {
        self.write(UInt8(ascii: "\r"))
        self.write(UInt8(ascii: "\n"))
    }

    private mutating func write(_ byte: UInt8) {
        unsafe self.space[self.count] = byte
        self.count += 1
    }
}
