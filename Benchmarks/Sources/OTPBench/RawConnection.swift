// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A blocking connection that shares no code with the measured client.
final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var position = 0

    init(port: Int) throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(self.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(self.descriptor)
            throw BenchError("nothing answers on port \(port)")
        }
    }

    deinit { close(self.descriptor) }

    /// Encodes a command in RESP.
    static func encode(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words { bytes += Array("$\(word.count)\r\n".utf8) + word + [13, 10] }
        return bytes
    }

    /// Sends a command, and returns its reply; throws an error if the reply is an error.
    @discardableResult
    func call(_ words: String...) throws -> RawReply {
        try self.pipeline([Self.encode(words.map { Array($0.utf8) })], depth: 1)[0]
    }

    /// Sends commands in batches, each after all replies to the previous batch.
    @discardableResult
    func pipeline(_ commands: [[UInt8]], depth: Int) throws -> [RawReply] {
        var replies: [RawReply] = []
        replies.reserveCapacity(commands.count)
        for start in stride(from: 0, to: commands.count, by: depth) {
            let batch = commands[start..<min(start + depth, commands.count)]
            try self.send(Array(batch.joined()))
            for _ in batch {
                let reply = try self.readReply()
                if case .error(let text) = reply { throw BenchError("Redis answered: \(text)") }
                replies.append(reply)
            }
        }
        return replies
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress! + sent, $0.count - sent, 0)
            }
            guard count > 0 else { throw BenchError("the connection to Redis was lost") }
            sent += count
        }
    }

    func readReply() throws -> RawReply {
        let line = try self.readLine()
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "+"): return .status(text)
        case UInt8(ascii: "-"): return .error(text)
        case UInt8(ascii: ":"): return .integer(Int64(text) ?? 0)
        case UInt8(ascii: "$"):
            guard let count = Int(text), count >= 0 else { return .null }
            return .bulk(Array(try self.read(count + 2).dropLast(2)))
        case UInt8(ascii: "*"):
            guard let count = Int(text), count >= 0 else { return .null }
            return .array(try (0..<count).map { _ in try self.readReply() })
        default: throw BenchError("Redis sent something that is no reply")
        }
    }

    /// Reads a line of arbitrary bytes, and returns it without its line ending.
    func readLine() throws -> ArraySlice<UInt8> {
        var searched = self.position
        while true {
            if let end = self.received[searched...].firstIndex(of: 10) {
                defer { self.position = end + 1 }
                return self.received[self.position..<end - 1]
            }
            let unread = self.received.count - self.position
            try self.receive()
            searched = self.position + unread
        }
    }

    private func read(_ count: Int) throws -> ArraySlice<UInt8> {
        while self.received.count - self.position < count { try self.receive() }
        defer { self.position += count }
        return self.received[self.position..<self.position + count]
    }

    private func receive() throws {
        self.received.removeFirst(self.position)
        self.position = 0
        let old = self.received.count
        self.received += [UInt8](repeating: 0, count: 1 << 16)
        let count = self.received.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress! + old, 1 << 16, 0) }
        self.received.removeLast((1 << 16) - max(count, 0))
        guard count > 0 else { throw BenchError("the connection to Redis was lost") }
    }
}

/// The reason why a benchmark failed.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
