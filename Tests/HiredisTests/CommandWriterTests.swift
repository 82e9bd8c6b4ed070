// SPDX-License-Identifier: Apache-2.0

import CHiredis
import NIOCore
import SeededRandom
import Testing

@testable import Hiredis

@Suite struct CommandWriterTests {
    /// Returns the encoding of a command by hiredis.
    private func formattedByHiredis(_ words: [[UInt8]]) throws -> [UInt8] {
        // Each word has an additional byte, so that an empty word also has an address.
        let copies = words.map { word in
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: word.count + 1)
            _ = copy.initialize(from: word.map { CChar(bitPattern: $0) } + [0])
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        var pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0.baseAddress) }
        var target: UnsafeMutablePointer<CChar>?
        let count = Int(redisFormatCommandArgv(&target, Int32(words.count), &pointers, words.map(\.count)))
        let bytes = try #require(target)
        defer { redisFreeCommand(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    @Test(arguments: 1...4)
    func everyCommandIsWrittenAsHiredisFormatsIt(seed: UInt64) throws {
        var words = RandomWords(seed: seed)
        // All commands share one buffer, as in a batch, so that they start at various offsets.
        var buffer = ByteBuffer()
        for number in 0..<500 {
            let (command, expected) = words.command()
            let length = buffer.writeCommand(command)
            let written = buffer.readBytes(length: length)
            let formatted = try self.formattedByHiredis(expected)
            #expect(written == formatted, "command \(number): \(command)")
            #expect(buffer.readableBytes == 0, "command \(number)")
            if number % 100 == 0 { buffer.clear() }
        }
    }
}

/// A generator of random command words.
private struct RandomWords {
    private var generator: SplitMix64

    init(seed: UInt64) {
        self.generator = SplitMix64(seed: seed)
    }

    mutating func command() -> (RedisCommand, words: [[UInt8]]) {
        let name = self.text()
        var words = [Array(name.utf8)]
        var call: RedisCommand.ScriptCall?
        var arguments: [RedisArgument] = []
        if self.number(below: 2) == 0 {
            let script = self.text()
            let keys = (0..<self.number(below: 12)).map { _ in self.text() }
            call = RedisCommand.ScriptCall(script: script, keys: keys)
            words += [script, "\(keys.count)"].map { Array($0.utf8) } + keys.map { Array($0.utf8) }
        }
        for _ in 0..<self.number(below: 12) {
            let (argument, word) = self.argument()
            arguments.append(argument)
            words.append(word)
        }
        return (RedisCommand(name: name, scriptCall: call, arguments: arguments), words)
    }

    private mutating func argument() -> (RedisArgument, word: [UInt8]) {
        switch self.number(below: 3) {
        case 0:
            let text = self.text()
            return (.text(text), Array(text.utf8))
        case 1:
            let bytes = (0..<self.length()).map { _ in UInt8(truncatingIfNeeded: self.generator.next()) }
            return (.bytes(bytes), bytes)
        default:
            // All numbers of digits are about equally likely.
            let shift = self.number(below: 64)
            let number = self.number(below: 8) == 0 ? .min : Int64(bitPattern: self.generator.next()) >> Int64(shift)
            return (.integer(number), Array("\(number)".utf8))
        }
    }

    /// Returns a random length, which is often near a power of ten.
    private mutating func length() -> Int {
        let around = [0, 1, 9, 10, 11, 99, 100, 101, 999, 1_000, 1_001, 10_000]
        return self.number(below: 2) == 0 ? around[self.number(below: around.count)] : self.number(below: 64)
    }

    private mutating func text() -> String {
        let characters: [Character] = ["a", "Z", "0", " ", "\0", "\r", "\n", "$", "*", "ü", "ж", "手", "🔑"]
        return String((0..<self.length()).map { _ in characters[self.number(below: characters.count)] })
    }

    private mutating func number(below bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self.generator)
    }
}
