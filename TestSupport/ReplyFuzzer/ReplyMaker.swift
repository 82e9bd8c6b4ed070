// SPDX-License-Identifier: Apache-2.0

import SeededRandom

#if DEBUG
    import Hiredis

    /// A generator of valid and corrupted Redis replies.
    struct ReplyMaker {
        private var generator: SplitMix64

        init(seed: UInt64) {
            self.generator = SplitMix64(seed: seed)
        }

        /// Returns a random number in a range.
        mutating func number(_ range: Range<Int>) -> Int {
            Int.random(in: range, using: &self.generator)
        }

        /// Returns `true` once in `count` calls on average.
        mutating func happens(onceIn count: Int) -> Bool {
            self.number(0..<count) == 0
        }

        /// Returns a valid random reply.
        mutating func reply(depth: Int = 0) -> RedisReply {
            switch self.number(0..<(depth < 4 ? 8 : 6)) {
            case 0:
                return .integer(
                    [0, 1, -1, .max, .min, Int64(self.number(-1_000_000..<1_000_000))]
                        .randomElement(using: &self.generator) ?? 0
                )
            case 1: return .status(self.word())
            case 2: return .error("ERR \(self.word())")
            case 3: return .null
            case 4, 5:
                let longest = self.happens(onceIn: 200) ? 20_000 : 40
                return .bulk(
                    (0..<self.number(0..<longest)).map { _ in UInt8.random(in: .min ... .max, using: &self.generator) }
                )
            default:
                let most = self.happens(onceIn: 200) ? 300 : 6
                return .array((0..<self.number(0..<most)).map { _ in self.reply(depth: depth + 2) })
            }
        }

        private mutating func word() -> String {
            String(decoding: (0..<self.number(0..<20)).map { _ in UInt8(self.number(32..<127)) }, as: UTF8.self)
        }

        /// Returns the encoded bytes of a reply.
        static func bytes(_ reply: RedisReply) -> [UInt8] {
            switch reply {
            case .integer(let value): Array(":\(value)\r\n".utf8)
            case .status(let text): Array("+\(text)\r\n".utf8)
            case .error(let text): Array("-\(text)\r\n".utf8)
            case .null: Array("$-1\r\n".utf8)
            case .bulk(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
            case .array(let elements): Array("*\(elements.count)\r\n".utf8) + elements.flatMap(Self.bytes)
            }
        }

        private static let counts = [
            "-1", "-2", "0", "1", "2", "5", "7", "8", "255", "65535", "65536", "65537", "1048576", "1048577",
            "2147483647",
            "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
            "99999999999999999999",
            "", "-", "+5", "1e9", "0x10", " 1",
        ]

        /// Returns the bytes of a reply after a few random corruptions.
        mutating func spoiled(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            for _ in 0...self.number(0..<3) {
                guard !bytes.isEmpty else {
                    return Array("*\(Self.counts[self.number(0..<Self.counts.count)])\r\n".utf8)
                }
                let place = self.number(0..<bytes.count)
                switch self.number(0..<10) {
                case 0: bytes[place] ^= 1 << UInt8(self.number(0..<8))
                case 1: bytes[place] = UInt8(self.number(0..<256))
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(Array("*$+-:\r\n0%>,#_(=~|".utf8)[self.number(0..<17)], at: place)
                case 4: bytes.removeLast(bytes.count - place)
                case 5: self.changeCount(&bytes, after: place)
                case 6:
                    // Inserts a piece of this reply or of another reply.
                    let other = self.happens(onceIn: 2) ? Self.bytes(self.reply()) : bytes
                    let from = self.number(0..<other.count)
                    bytes.insert(contentsOf: other[from..<min(other.count, from + self.number(1..<64))], at: place)
                case 7:
                    let outer = Array("*1\r\n".utf8)
                    bytes.insert(contentsOf: (0..<self.number(1..<40)).flatMap { _ in outer }, at: 0)
                case 8:
                    bytes.insert(
                        contentsOf: Array("*\(Self.counts[self.number(0..<Self.counts.count)])\r\n".utf8),
                        at: place
                    )
                default:
                    bytes.insert(
                        contentsOf: Array("$\(Self.counts[self.number(0..<Self.counts.count)])\r\n".utf8),
                        at: place
                    )
                }
            }
            return bytes
        }

        /// Replaces the first length field after a position.
        private mutating func changeCount(_ bytes: inout [UInt8], after place: Int) {
            let marks = Array("*$".utf8)
            guard
                let mark = bytes[place...].firstIndex(where: { marks.contains($0) }),
                let end = bytes[mark...].firstIndex(of: 13)
            else { return }
            bytes.replaceSubrange(mark + 1..<end, with: Array(Self.counts[self.number(0..<Self.counts.count)].utf8))
        }
    }
#endif
