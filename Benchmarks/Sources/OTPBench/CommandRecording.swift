// SPDX-License-Identifier: Apache-2.0

/// Records the commands that the library sends to Redis.
enum CommandRecording {
    /// Runs a closure, and returns all commands that clients send during this time, in the server's order.
    static func commands(port: Int, during body: () async throws -> Void) async throws -> [[[UInt8]]] {
        let monitor = try RawConnection(port: port)
        try monitor.call("MONITOR")
        try await body()
        let mark = "end-of-recording"
        try RawConnection(port: port).call("ECHO", mark)
        var commands: [[[UInt8]]] = []
        while true {
            let line = try monitor.readLine()
            guard let source = line.firstIndex(of: UInt8(ascii: "[")), let end = line.firstIndex(of: UInt8(ascii: "]"))
            else { throw BenchError("MONITOR wrote something unexpected") }
            // The server also lists the commands that scripts call.
            guard line[source..<end].suffix(4) != ArraySlice(" lua".utf8) else { continue }
            let command = self.words(line[(end + 1)...])
            if command.last == Array(mark.utf8) { return commands }
            commands.append(command)
        }
    }

    /// Parses words in double quotes with escaped non-printable bytes.
    private static func words(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var rest = text
        while let start = rest.firstIndex(of: UInt8(ascii: "\"")) {
            rest = rest[(start + 1)...]
            var word: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                    word.append(byte)
                    continue
                }
                switch escape {
                case UInt8(ascii: "n"): word.append(10)
                case UInt8(ascii: "r"): word.append(13)
                case UInt8(ascii: "t"): word.append(9)
                case UInt8(ascii: "a"): word.append(7)
                case UInt8(ascii: "b"): word.append(8)
                case UInt8(ascii: "x"):
                    word.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                    rest = rest.dropFirst(2)
                default: word.append(escape)
                }
            }
            words.append(word)
        }
        return words
    }
}
