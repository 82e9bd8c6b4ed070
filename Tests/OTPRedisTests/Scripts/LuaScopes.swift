// SPDX-License-Identifier: Apache-2.0

/// The variables in a Lua source, with lexical scopes and the part of the grammar that the scripts use.
struct LuaScopes {
    /// The local variables that are declared outside of all blocks and functions.
    private(set) var topLevelLocals: [String] = []

    /// The names that the source reads but does not declare.
    private(set) var freeReads: Set<String> = []

    /// The names that the source assigns but does not declare.
    private(set) var freeAssignments: Set<String> = []

    /// The constants, such as `STATE.size`.
    private(set) var constants: Set<String> = []

    private var tokens: ArraySlice<LuaToken>
    private var scopes: [Set<String>] = [[]]

    /// Parses a source.
    init(_ source: String) throws {
        self.tokens = try LuaToken.tokens(of: source)[...]
        // Constants inside strings are substituted as well.
        for token in self.tokens where token.kind == .literal {
            for match in token.text.matches(of: /\b[A-Z]+\.[a-z_]+/) { self.constants.insert(String(match.0)) }
        }
        try self.block()
        guard self.tokens.isEmpty else { throw LuaSyntaxError("unexpected \(self.next.text)") }
    }

    // MARK: Tokens

    private var next: LuaToken { self.tokens.first ?? .end }

    private mutating func take() -> LuaToken { self.tokens.popFirst() ?? .end }

    /// Consumes the next token if it is a keyword or a symbol with the given text.
    private mutating func takes(_ text: String) -> Bool {
        guard self.next.text == text, self.next.kind != .literal else { return false }
        _ = self.take()
        return true
    }

    private mutating func expect(_ text: String) throws {
        guard self.takes(text) else { throw LuaSyntaxError("\(self.next.text) instead of \(text)") }
    }

    private mutating func name() throws -> String {
        guard self.next.kind == .name else { throw LuaSyntaxError("\(self.next.text) is not a name") }
        return self.take().text
    }

    // MARK: Scopes

    private mutating func declare(_ name: String) {
        if self.scopes.count == 1, name != "_" { self.topLevelLocals.append(name) }
        self.scopes[self.scopes.count - 1].insert(name)
    }

    private func isDeclared(_ name: String) -> Bool { self.scopes.contains { $0.contains(name) } }

    private mutating func scope(_ names: [String] = [], _ body: (inout Self) throws -> Void) rethrows {
        self.scopes.append(Set(names))
        try body(&self)
        self.scopes.removeLast()
    }

    // MARK: Statements

    private mutating func block() throws {
        let ends: Set<String> = ["end", "else", "elseif", "until"]
        while self.next.kind != .end, !(self.next.kind == .keyword && ends.contains(self.next.text)) {
            try self.statement()
        }
    }

    private mutating func statement() throws {
        if self.takes(";") || self.takes("break") { return }
        if self.takes("return") { return try self.returned() }
        if self.takes("local") { return try self.local() }
        if self.takes("if") { return try self.conditional() }
        if self.takes("while") {
            try self.expression()
            try self.expect("do")
            try self.scope { try $0.block() }
            return try self.expect("end")
        }
        if self.takes("for") { return try self.loop() }
        if self.takes("do") {
            try self.scope { try $0.block() }
            return try self.expect("end")
        }
        try self.assignmentOrCall()
    }

    private mutating func returned() throws {
        let isLast = self.next.kind == .end || (self.next.kind == .keyword && self.next.text == "end")
        if !isLast { try self.expressions() }
    }

    private mutating func local() throws {
        if self.takes("function") {
            self.declare(try self.name())
            return try self.functionBody()
        }
        var names = [try self.name()]
        while self.takes(",") { names.append(try self.name()) }
        // The values are parsed first, because the names are not yet in scope.
        if self.takes("=") { try self.expressions() }
        for name in names { self.declare(name) }
    }

    private mutating func conditional() throws {
        try self.expression()
        try self.expect("then")
        try self.scope { try $0.block() }
        if self.takes("elseif") { return try self.conditional() }
        if self.takes("else") { try self.scope { try $0.block() } }
        try self.expect("end")
    }

    private mutating func loop() throws {
        var names = [try self.name()]
        while self.takes(",") { names.append(try self.name()) }
        if !self.takes("=") { try self.expect("in") }
        try self.expressions()
        try self.expect("do")
        try self.scope(names) { try $0.block() }
        try self.expect("end")
    }

    private mutating func functionBody() throws {
        try self.expect("(")
        var names: [String] = []
        while !self.takes(")") {
            names.append(try self.name())
            _ = self.takes(",")
        }
        try self.scope(names) { try $0.block() }
        try self.expect("end")
    }

    private mutating func assignmentOrCall() throws {
        var targets: [String] = []
        repeat {
            let isPlainName = self.next.kind == .name && [",", "="].contains(self.tokens.dropFirst().first?.text)
            if isPlainName { targets.append(self.take().text) } else { try self.primary() }
        } while self.takes(",")
        guard self.takes("=") else {
            guard targets.isEmpty else { throw LuaSyntaxError("names without a value") }
            return
        }
        try self.expressions()
        for target in targets where !self.isDeclared(target) { self.freeAssignments.insert(target) }
    }

    // MARK: Expressions

    private mutating func expressions() throws {
        try self.expression()
        while self.takes(",") { try self.expression() }
    }

    private mutating func expression() throws {
        while self.takes("-") || self.takes("#") || self.takes("not") {}
        try self.operand()
        let operators = ["+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", ">", "<=", ">=", "and", "or"]
        if operators.contains(where: { self.next.text == $0 && self.next.kind != .literal }) {
            _ = self.take()
            try self.expression()
        }
    }

    private mutating func operand() throws {
        if self.next.kind == .literal || ["nil", "true", "false", "..."].contains(self.next.text) {
            _ = self.take()
            // Nothing can follow, because a method call on a literal needs parentheses, as in ('x'):rep(2).
            return
        }
        if self.takes("function") { return try self.functionBody() }
        if self.next.text == "{" { return try self.table() }
        try self.primary()
    }

    private mutating func table() throws {
        try self.expect("{")
        while !self.takes("}") {
            if self.next.kind == .name, self.tokens.dropFirst().first?.text == "=" {
                _ = self.take()
                _ = self.take()
            }
            try self.expression()
            _ = self.takes(",")
        }
    }

    /// Parses a name or an expression in parentheses, and the fields, indexes and calls after it.
    private mutating func primary() throws {
        if self.takes("(") {
            try self.expression()
            try self.expect(")")
        } else {
            let name = try self.name()
            let isConstant = name.allSatisfy { $0.isUppercase } && self.next.text == "."
            if isConstant {
                _ = self.take()
                self.constants.insert("\(name).\(try self.name())")
            } else if !self.isDeclared(name) {
                self.freeReads.insert(name)
            }
        }
        while true {
            if self.takes(".") {
                _ = try self.name()
            } else if self.takes(":") {
                _ = try self.name()
                try self.arguments()
            } else if self.takes("[") {
                try self.expression()
                try self.expect("]")
            } else if self.next.text == "(", self.next.kind == .symbol {
                try self.arguments()
            } else {
                return
            }
        }
    }

    private mutating func arguments() throws {
        try self.expect("(")
        if self.takes(")") { return }
        try self.expressions()
        try self.expect(")")
    }
}
