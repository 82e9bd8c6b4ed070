import StrictJSON
import Testing

/// The cost grows in proportion to the size, for the parser and for the first comparison of what it returns.
@Suite(.serialized) struct CostTests {
    /// A text of about so many bytes that makes some part of a parser work hardest.
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

    private static func cost(_ shape: Shape, _ size: Int) throws -> Double {
        let bytes = Array(shape.text(size).utf8)
        var best = Duration.seconds(3600)
        for _ in 0..<5 {
            let start = ContinuousClock.now
            let json = try JSON(parsing: bytes, rules: .externalFormat)
            // A comparison with a text of another length, as for a code of a response.
            #expect(json.string != "OK")
            best = min(best, ContinuousClock.now - start)
        }
        return best / .microseconds(1)
    }

    @Test("Sixteen times the size costs nowhere near 256 times as much", arguments: Shape.allCases)
    func growth(_ shape: Shape) throws {
        let small = try Self.cost(shape, 16 * 1024)
        let large = try Self.cost(shape, 256 * 1024)
        // Linear is 16; quadratic is 256. The margin is for the caches and for other programs of the machine.
        #expect(large / small < 80, "\(small) µs and \(large) µs")
    }
}
