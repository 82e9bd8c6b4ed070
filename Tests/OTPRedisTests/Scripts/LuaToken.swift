// SPDX-License-Identifier: Apache-2.0

/// A token of Lua.
struct LuaToken: Equatable {
    enum Kind { case name, keyword, literal, symbol, end }

    private static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not",
        "or",
        "repeat", "return", "then", "true", "until", "while",
    ]

    private static let symbols = ["...", "..", "==", "~=", "<=", ">="]

    var kind: Kind
    var text: String

    static let end = Self(kind: .end, text: "")

    /// Splits a source into tokens without comments.
    ///
    /// Long strings and long comments are not supported, because the scripts do not contain any.
    static func tokens(of source: String) throws -> [LuaToken] {
        var rest = source[...]
        var tokens: [LuaToken] = []
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                guard !rest.hasPrefix("--[[") else { throw LuaSyntaxError("a long comment") }
                rest = rest.drop { $0 != "\n" }
            } else if first == "'" || first == "\"" {
                tokens.append(try Self.string(&rest, first))
            } else if first.isLetter || first == "_" {
                let word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
                rest.removeFirst(word.count)
                tokens.append(Self(kind: Self.keywords.contains(word) ? .keyword : .name, text: word))
            } else if first.isNumber {
                let number = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "." })
                rest.removeFirst(number.count)
                tokens.append(Self(kind: .literal, text: number))
            } else {
                let symbol = Self.symbols.first { rest.hasPrefix($0) } ?? String(first)
                rest.removeFirst(symbol.count)
                tokens.append(Self(kind: .symbol, text: symbol))
            }
        }
        return tokens
    }

    private static func string(_ rest: inout Substring, _ quote: Character) throws -> LuaToken {
        var text = String(rest.removeFirst())
        while let character = rest.popFirst() {
            text.append(character)
            if character == quote { return Self(kind: .literal, text: text) }
            if character == "\\", let escaped = rest.popFirst() { text.append(escaped) }
        }
        throw LuaSyntaxError("a string without an end")
    }
}

/// A source that the lint cannot parse.
struct LuaSyntaxError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
