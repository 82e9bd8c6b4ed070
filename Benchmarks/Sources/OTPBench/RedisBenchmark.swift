// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess

/// A run of `redis-benchmark` with one connection and the same commands as the library.
struct RedisBenchmark {
    /// The result of one run.
    struct Result: Sendable {
        var perSecond: Double
        var p50: Double
        var p99: Double
    }

    private static let placeholder = Array("__rand_int__".utf8)

    let port: Int

    /// The words of a library command, with a placeholder for the number in its keys.
    private let words: [[UInt8]]

    /// The names of the keys with the placeholder.
    private let keys: [[UInt8]]

    /// The values of the existing keys before the command.
    private let values: [[UInt8]: [UInt8]]

    /// Creates a run from recorded commands of the library.
    ///
    /// - Parameters:
    ///   - recorded: The words of several commands. If possible, the run uses a command without zero bytes.
    ///   - script: The text of the script that the commands call.
    ///   - records: The records in Redis before the commands.
    ///   - port: The port of the server, which gets a modified script if the command contains a zero byte.
    /// - Throws: An error if a command has an unexpected form.
    init(recorded: [[[UInt8]]], script: [UInt8], records: [Population.Record], port: Int) throws {
        let fewest = recorded.min { Self.zeros($0) < Self.zeros($1) }
        guard var words = fewest, words.count > 3, words[0] == Array("EVALSHA".utf8),
            let keyCount = Int(String(decoding: words[2], as: UTF8.self)), words.count >= 3 + keyCount
        else { throw BenchError("the library sent something else than EVALSHA") }
        var constants: [UInt8] = []
        // A program argument ends at a zero byte. A value with a zero byte therefore becomes a constant of the script.
        for position in (3 + keyCount)..<words.count where words[position].contains(0) {
            let literal = words[position].map { "\\" + pad3($0) }.joined()
            constants += Array("ARGV[\(position - 2 - keyCount)]='\(literal)';".utf8)
            words[position] = [UInt8](repeating: 120, count: words[position].count)
        }
        if !constants.isEmpty {
            let load = [Array("SCRIPT".utf8), Array("LOAD".utf8), constants + script]
            let replies = try RawConnection(port: port).pipeline([RawConnection.encode(load)], depth: 1)
            guard case .bulk(let digest) = replies[0] else { throw BenchError("SCRIPT LOAD did not answer a digest") }
            words[1] = digest
        }
        var keys: [[UInt8]] = []
        var values: [[UInt8]: [UInt8]] = [:]
        for position in 3..<(3 + keyCount) {
            let key = words[position]
            guard let tag = key.firstIndex(of: UInt8(ascii: "{")), let end = key.firstIndex(of: UInt8(ascii: "}")),
                end - tag > Self.placeholder.count
            else { throw BenchError("a key has no hash tag of at least \(Self.placeholder.count) bytes") }
            words[position].replaceSubrange((tag + 1)..<(tag + 1 + Self.placeholder.count), with: Self.placeholder)
            keys.append(words[position])
            values[words[position]] = records.first { $0.key == key }?.value
        }
        self.port = port
        self.words = words
        self.keys = keys
        self.values = values
    }

    /// Returns the commands that store the recorded values under the keys of several phone numbers.
    func preparation(_ count: Int) -> [[UInt8]] {
        let models = self.keys.compactMap { key in self.values[key].map { (key, $0) } }
        return (0..<count)
            .flatMap { position in
                let digits = String(position)
                let number = Array((String(repeating: "0", count: Self.placeholder.count - digits.count) + digits).utf8)
                return models.map { key, value in
                    var name = key
                    if let range = name.firstRange(of: Self.placeholder) { name.replaceSubrange(range, with: number) }
                    return Population.Record(key: name, value: value).restoring
                }
            }
    }

    /// Runs `redis-benchmark`.
    ///
    /// - Parameters:
    ///   - operations: The number of commands to send.
    ///   - depth: The number of pipelined commands.
    ///   - numbers: The number of phone numbers from which each command selects one at random.
    /// - Returns: The result, with latencies in microseconds.
    /// - Throws: An error if the program returns no result.
    func run(_ operations: Int, depth: Int, numbers: Int) async throws -> Result {
        let options = [
            "-h", "127.0.0.1", "-p", String(self.port), "--csv", "-c", "1", "-P", String(depth), "-n",
            String(operations), "-r", String(numbers),
        ]
        let record = try await Subprocess.run(
            .name("redis-benchmark"),
            // The bytes are passed on unchanged, so each argument must include its terminating zero byte.
            arguments: Arguments((options.map { Array($0.utf8) } + self.words).map { $0 + [0] }),
            output: .bytes(limit: 1 << 20),
            error: .string(limit: 1 << 16)
        )
        // The line begins with the command, which may contain any bytes.
        let text = String(decoding: record.standardOutput, as: UTF8.self)
        let fields = text.split(whereSeparator: \.isNewline).last?.split(separator: "\",\"").suffix(7) ?? []
        let numbers = fields.compactMap { Double($0.filter { $0.isNumber || $0 == "." }) }
        guard record.terminationStatus.isSuccess, numbers.count == 7 else {
            throw BenchError(
                "redis-benchmark ended with \(record.terminationStatus) and no figures: \(record.standardError)"
            )
        }
        return Result(perSecond: numbers[0], p50: numbers[3] * 1000, p99: numbers[5] * 1000)
    }

    private static func zeros(_ words: [[UInt8]]) -> Int {
        words.count { $0.contains(0) }
    }
}

private func pad3(_ byte: UInt8) -> String {
    let digits = String(byte)
    return String(repeating: "0", count: 3 - digits.count) + digits
}
