// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import Testing

/// Tests that the time to parse a text, and to compare the result for the first time, is linear in the size of the text.
@Suite(.serialized) struct CostTests {
    /// A kind of text that is the worst case for a part of the parser.
    enum Shape: CaseIterable, Sendable {
        case emptyArrays, emptyObjects, numbers, oneString, escapes, surrogates, members, equalMembers, marks
        case decomposingMarks, markedNames, nesting, strings, spaces

        func text(_ size: Int) -> String {
            func list(_ element: String) -> String {
                "[" + Array(repeating: element, count: size / (element.utf8.count + 1)).joined(separator: ",") + "]"
            }
            func string(_ unit: String) -> String {
                "\"" + String(repeating: unit, count: size / unit.utf8.count) + "\""
            }
            func members(_ member: (Int) -> String) -> String {
                "{" + (0..<(size / member(1000).utf8.count)).map(member).joined(separator: ",") + "}"
            }
            let marks = String(repeating: "\u{301}\u{323}", count: 128)
            let deep = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
            switch self {
            case .emptyArrays: return list("[]")
            case .emptyObjects: return list("{}")
            case .numbers: return list("-1.5e10")
            case .oneString: return string("x")
            case .escapes: return string(#"\n"#)
            case .surrogates: return string(#"\ud83d\ude00"#)
            case .members: return members { "\"\($0)\":0" }
            case .equalMembers: return members { _ in #""same":0"# }
            case .marks: return string("a" + marks)
            case .decomposingMarks: return string("a" + String(repeating: "\u{F73}", count: 256))
            case .markedNames: return members { "\"\(marks)\($0)\":0" }
            case .nesting: return list(deep)
            case .strings: return list(#""\u00e9""#)
            case .spaces: return "[" + String(repeating: " ", count: size) + "]"
            }
        }
    }

    /// Returns the processor time of this thread for one text, in milliseconds, without the time of other programs.
    private static func cost(_ bytes: [UInt8]) throws -> Double {
        let start = clock(CLOCK_THREAD_CPUTIME_ID)
        let json = try JSON(parsing: bytes, rules: .externalFormat)
        // As with a response code, the result is compared with a text of another length.
        #expect(json.string != "OK")
        return clock(CLOCK_THREAD_CPUTIME_ID) - start
    }

    /// Returns the time of a clock in milliseconds.
    private static func clock(_ id: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(id, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    @Test("The cost of sixteen times the size is far less than 256 times as high", arguments: Shape.allCases)
    func growth(_ shape: Shape) throws {
        let texts = [32 * 1024, 512 * 1024].map { Array(shape.text($0).utf8) }
        var small = Double.infinity
        var large = Double.infinity
        // The runs are interleaved, so that a busy machine affects both sizes. For each size, the minimum counts.
        for _ in 0..<20 {
            small = min(small, try Self.cost(texts[0]))
            large = min(large, try Self.cost(texts[1]))
            // The ratio is 16 for linear growth, and 256 for quadratic growth. The limit of 100 leaves a margin for CPU caches.
            if large / small < 100 { return }
        }
        Issue.record("\(small) ms and \(large) ms")
    }
}
