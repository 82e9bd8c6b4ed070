// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

@testable import OTPRedis

/// Tests that the headers of the Lua fragments match their code and each other.
@Suite struct ScriptFragmentTests {
    @Test(arguments: ScriptFragment.allCases)
    func headerDeclaresTheVariablesOfTheCode(_ fragment: ScriptFragment) throws {
        #expect(try FragmentHeader.faults(in: fragment.source) == [])
    }

    @Test(arguments: ScriptStep.allCases)
    func everyFragmentFindsItsVariables(_ step: ScriptStep) throws {
        #expect(try FragmentHeader.faults(inSequence: step.fragments.map(\.source)) == [])
    }

    @Test func everyDefinedVariableIsRequiredLater() {
        for fragment in ScriptFragment.allCases {
            let later = ScriptStep.allCases
                .flatMap { step in step.fragments.drop { $0 != fragment }.dropFirst() }
                .reduce(into: Set<String>()) { $0.formUnion(FragmentHeader($1.source).requires) }
            let unused = FragmentHeader(fragment.source).defines.subtracting(later)
            #expect(unused.isEmpty, "\(fragment) defines \(unused) for nobody")
        }
    }

    /// The random steps of the conformance check rarely use the maximum number of records, so this test is separate.
    @Test(arguments: 1...GuardScripts.mostKeys)
    func recordOfThisPositionIsReadAndWritten(position: Int) {
        let read = "if count >= \(position) then stored[\(position)] = redis.call('GET', KEYS[\(position)]) end"
        let write = "if values[\(position)] then redis.call('SET', KEYS[\(position)], values[\(position)], "
        #expect(ScriptFragment.guardRead.source.contains(read))
        #expect(ScriptFragment.guardWrite.source.contains("\(write)'PXAT', expiries[\(position)]) end"))
    }

    @Test func everyFragmentIsInAScript() {
        var used: Set<ScriptFragment> = []
        for step in ScriptStep.allCases { used.formUnion(step.fragments) }
        #expect(used == Set(ScriptFragment.allCases))
    }

    @Test func everyConstantHasAValue() throws {
        let known = Set(ScriptTemplate.constants.keys).union(StoreLimits().scriptValues.keys.map { "LIMITS.\($0)" })
        for fragment in ScriptFragment.allCases {
            let unknown = try LuaScopes(fragment.source).constants.subtracting(known)
            #expect(unknown.isEmpty, "\(fragment): \(unknown)")
        }
    }

    @Test func layoutsDoNotReplaceConstantsOfEachOther() {
        #expect(ScriptTemplate.constants.count == ScriptTemplate.layouts.reduce(0) { $0 + $1.count })
    }

    @Test func everyLimitIsUsed() throws {
        let used = try ScriptFragment.allCases.reduce(into: Set<String>()) {
            $0.formUnion(try LuaScopes($1.source).constants)
        }
        for name in StoreLimits().scriptValues.keys { #expect(used.contains("LIMITS.\(name)"), "LIMITS.\(name)") }
    }

    /// The lint must find every mistake in a header or in the code.
    @Test(arguments: [
        ("-- requires: now\nlocal a = now", "b = 1", "b is not in changes"),
        ("-- requires: now\nlocal a = now", "local c = d", "d is not in requires"),
        ("-- requires: now\nlocal a = now", "local a = 2", "a is declared twice"),
        ("-- requires: now, x\nlocal a = now", "", "x in requires is not used"),
        ("-- requires: now\n-- defines: q\nlocal a = now", "", "q in defines is not declared"),
        ("-- requires: now\n-- changes: now\nlocal a = now", "", "now in changes is not assigned"),
        ("-- requires: now\nlocal a = now", "if now > 1 then local e = 1 end a = e", "e is not in requires"),
        ("-- requires: now\nlocal a = now", "for i = 1, 2 do a = i end a = i", "i is not in requires"),
        ("-- requires: now\nlocal a = now", "local function f(g) return g end a = g", "g is not in requires"),
        ("-- requires: now\nlocal a = now", "local h = h", "h is not in requires"),
        ("-- requires: now\nlocal a = now", "a = { now = 1, k }", "k is not in requires"),
        ("-- requires: now\nlocal a = now", "a = ('x'):rep(m)", "m is not in requires"),
        ("-- requires: now\nlocal a = now", "a.field, n = 1, 2", "n is not in changes"),
        ("local a = 1", "", "there is no header"),
    ])
    func lintFindsAFaultOfAHeader(start: String, addition: String, fault: String) throws {
        #expect(try FragmentHeader.faults(in: start + "\n" + addition).contains(fault))
    }

    @Test func lintAcceptsFieldsMethodsAndNamesInTables() throws {
        let source = """
            -- requires: now
            -- changes: now
            local t = { now = 1, size = #'x', 2 }
            while t.size > 0 and not t[1] do t.size = t.size - 1 end
            now = t.now:method(-1) .. 'unknown name' -- unknown comment
            """
        #expect(try FragmentHeader.faults(in: source) == [])
    }

    @Test func lintFindsAFragmentInTheWrongPlace() throws {
        let issue = ScriptStep.issue.fragments.map(\.source)
        let headless = try FragmentHeader.faults(inSequence: Array(issue.dropFirst()))
        #expect(headless.contains { $0.hasPrefix("now is not") })
        let swapped = [issue[1], issue[0]] + issue.dropFirst(2)
        #expect(try !FragmentHeader.faults(inSequence: Array(swapped)).isEmpty)
        let repeated = try FragmentHeader.faults(inSequence: issue + [issue[0]])
        #expect(repeated.contains { $0.hasPrefix("now is declared again") })
    }

    /// After a variable is renamed in the code of a fragment, the header no longer matches.
    @Test(arguments: ScriptFragment.allCases)
    func lintFindsARenamedVariable(_ fragment: ScriptFragment) throws {
        let header = FragmentHeader(fragment.source)
        for name in header.requires {
            let word = try Regex("\\b\(name)\\b")
            let lines = fragment.source.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("--") ? String($0) : String($0.replacing(word, with: "renamed")) }
            let faults = try FragmentHeader.faults(in: lines.joined(separator: "\n"))
            #expect(faults.contains("\(name) in requires is not used"), "\(fragment) \(name)")
        }
    }
}
