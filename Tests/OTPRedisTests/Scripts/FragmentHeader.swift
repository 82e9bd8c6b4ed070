// SPDX-License-Identifier: Apache-2.0

/// The variables in the header of a Lua fragment, which a lint compares with the code.
struct FragmentHeader: Equatable {
    /// The variables of earlier fragments that the fragment uses.
    var requires: Set<String> = []

    /// The required variables to which the fragment assigns.
    var changes: Set<String> = []

    /// The variables that the fragment defines for later fragments.
    var defines: Set<String> = []

    /// The names that Redis and Lua define.
    private static let builtIns: Set<String> = [
        "KEYS", "ARGV", "redis", "struct", "string", "table", "math", "assert", "error", "tonumber",
    ]

    /// Parses the header of a fragment.
    init(_ source: String) {
        func names(_ declaration: String) -> Set<String> {
            var names: Set<String> = []
            for line in source.split(separator: "\n") where line.hasPrefix("-- \(declaration): ") {
                let list = line.dropFirst("-- \(declaration): ".count).split(separator: ", ").map(String.init)
                if list != ["nothing"] { names.formUnion(list) }
            }
            return names
        }
        self.requires = names("requires")
        self.changes = names("changes")
        self.defines = names("defines")
    }

    /// Returns the differences between the header of a fragment and its code.
    static func faults(in source: String) throws -> [String] {
        let header = Self(source)
        let scopes = try LuaScopes(source)
        let required = scopes.freeReads.union(scopes.freeAssignments).subtracting(Self.builtIns)
        var faults: [String] = []
        if !source.contains("-- requires: ") { faults.append("there is no header") }
        faults += required.subtracting(header.requires).map { "\($0) is not in requires" }
        faults += header.requires.subtracting(required).map { "\($0) in requires is not used" }
        faults += scopes.freeAssignments.subtracting(header.changes).map { "\($0) is not in changes" }
        faults += header.changes.subtracting(scopes.freeAssignments).map { "\($0) in changes is not assigned" }
        faults += header.defines.subtracting(scopes.topLevelLocals).map { "\($0) in defines is not declared" }
        let repeated = Dictionary(grouping: scopes.topLevelLocals) { $0 }.filter { $1.count > 1 }
        faults += repeated.keys.map { "\($0) is declared twice" }
        return faults.sorted()
    }

    /// Returns the faults in the headers of a sequence of fragments.
    ///
    /// Each required variable must be defined by an earlier fragment, and no name may be declared twice.
    static func faults(inSequence sources: [String]) throws -> [String] {
        var faults: [String] = []
        var defined: Set<String> = []
        var declared: Set<String> = []
        for (position, source) in sources.enumerated() {
            let header = Self(source)
            faults += header.requires.subtracting(defined)
                .map { "\($0) is not defined before fragment \(position + 1)" }
            let locals = Set(try LuaScopes(source).topLevelLocals)
            faults += locals.intersection(declared).map { "\($0) is declared again in fragment \(position + 1)" }
            defined.formUnion(header.defines)
            declared.formUnion(locals)
        }
        return faults.sorted()
    }
}
