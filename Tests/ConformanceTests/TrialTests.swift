// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tests that a trial fails if the real code has a fault, or if the mutant fails other expectations than the named ones.
@Suite struct TrialTests {
    /// Runs a check with two expectations, of which the mutant must fail only the first.
    private static func run(isMutant: Bool, first: Bool, second: Bool) async throws {
        try await Trial(store: nil, isMutant: isMutant)
            .run(mutant: "a fault", fails: "first") { findings in
                findings.expect("first", first)
                findings.expect("second", second)
            }
    }

    @Test(arguments: [(true, false), (false, true), (false, false)])
    func realCodeThatFailsIsAnIssue(first: Bool, second: Bool) async {
        await withKnownIssue { try await Self.run(isMutant: false, first: first, second: second) }
    }

    @Test func mutantThatSurvivesIsAnIssue() async {
        await withKnownIssue { try await Self.run(isMutant: true, first: true, second: true) }
    }

    @Test(arguments: [(true, false), (false, false)])
    func mutantWithAnotherFaultIsAnIssue(first: Bool, second: Bool) async {
        await withKnownIssue { try await Self.run(isMutant: true, first: first, second: second) }
    }

    @Test func errorOfAMutantIsAnIssue() async {
        struct Crash: Error {}
        await withKnownIssue {
            try await Trial(store: nil, isMutant: true)
                .run(mutant: "a fault", fails: "first") { findings in
                    findings.expect("first", false)
                    throw Crash()
                }
        }
    }

    @Test(arguments: [false, true]) func expectationThatIsNeverCheckedIsAnIssue(isMutant: Bool) async {
        await withKnownIssue {
            try await Trial(store: nil, isMutant: isMutant)
                .run(mutant: "a fault", fails: "misspelled") { findings in
                    findings.expect("first", !isMutant)
                }
        }
    }
}
