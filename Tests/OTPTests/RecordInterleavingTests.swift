// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

/// Tests of all interleavings of several processes that each run a few steps during a key rotation.
///
/// A step finds the existing records, and then runs a script on one of them. In between, another process can run. The processes
/// behave like `RedisOTPStore`, but the records are ``PhoneNumberState`` values.
@Suite struct RecordInterleavingTests {
    private static let limits: OTPLimits = {
        var limits = OTPLimits()
        limits.sends = [WindowLimit(1, per: .seconds(3_600))]
        limits.failures = [WindowLimit(3, per: .seconds(3_600))]
        limits.attemptsPerCode = 2
        return limits
    }()

    /// A step of a process; an attempt is for the last challenge of the same process.
    enum Step: Sendable {
        case issue, guessWrong, guessRight, guessWithMadeUpToken, release, unlock
    }

    private static let programs: [[[Step]]] = [
        [[.issue, .guessWrong, .guessWrong], [.issue, .guessWrong, .guessWrong]],
        [[.issue, .guessWrong, .guessRight], [.issue, .guessWrong], [.unlock]],
        [[.issue, .guessWrong, .guessWrong, .guessWrong], [.issue, .guessRight], [.guessWithMadeUpToken]],
        [[.issue, .release], [.issue, .release], [.issue, .release]],
        [[.issue, .release, .issue], [.issue, .guessWrong, .unlock]],
        [[.issue], [.issue], [.issue], [.guessWithMadeUpToken, .guessWithMadeUpToken]],
    ]

    @Test(arguments: Self.programs.indices, [false, true])
    func boundsHoldInEveryInterleaving(_ position: Int, isReversed: Bool) throws {
        var seen: Set<World> = []
        let world = try World(
            programs: Self.programs[position],
            limits: StoreLimits(Self.limits),
            isReversed: isReversed
        )
        Self.explore(world, &seen)
        #expect(seen.count > 100)
    }

    /// Explores all interleavings from a state, and each state only once.
    private static func explore(_ world: World, _ seen: inout Set<World>) {
        guard seen.insert(world).inserted else { return }
        var isOver = true
        for process in world.processes.indices where !world.processes[process].isDone {
            isOver = false
            var next = world
            next.go(on: process)
            Self.explore(next, &seen)
        }
        if isOver { world.checkBounds() }
    }
}

/// The records of one number, and the processes that change them.
private struct World: Hashable {
    /// The next action of a process.
    enum Phase: Hashable {
        case look, act(PhoneNumberRecords), clear([PhoneNumberIndex])
    }

    struct Process: Hashable {
        var number: PhoneNumberIndexes
        var steps: [RecordInterleavingTests.Step]
        var phase = Phase.look
        var challenge: ChallengeReference
        var code: ProtectedCode
        var admission: StoreTime?
        var isDone: Bool { self.steps.isEmpty }
        /// The number of failures at the start of the current step.
        var failuresBefore = 0
    }

    private static let now = StoreTime(milliseconds: 1_700_000_000_000)

    let limits: StoreLimits
    var records: [PhoneNumberIndex: PhoneNumberState] = [:]
    var processes: [Process] = []
    /// The number of admitted messages that were not released.
    var messages = 0
    var failures = 0
    /// The number of failures at the start of the last completed success or `unlock`.
    var forgotten = 0

    init(programs: [[RecordInterleavingTests.Step]], limits: StoreLimits, isReversed: Bool) {
        self.limits = limits
        let indexes = [UInt8(1), 2].map { PhoneNumberIndex(bytes: [UInt8](repeating: $0, count: 16)) }
        for (position, steps) in programs.enumerated() {
            let first = (position + (isReversed ? 1 : 0)) % 2
            let id = UInt8(position)
            self.processes.append(
                Process(
                    number: PhoneNumberIndexes(indexes[first], others: [indexes[1 - first]]),
                    steps: steps,
                    challenge: ChallengeReference(id: ChallengeID(bytes: [id]), check: [id]),
                    code: ProtectedCode(keyID: "k", authenticator: [id], sealed: [])
                )
            )
        }
    }

    /// Performs the next action of a process.
    mutating func go(on position: Int) {
        switch self.processes[position].phase {
        case .look:
            self.processes[position].failuresBefore = self.failures
            let number = self.processes[position].number
            if case .unlock = self.processes[position].steps[0] {
                self.processes[position].phase = .clear(number.all)
                self.clear(position)
            } else {
                let existing = number.all.filter { self.records[$0]?.expiry(self.limits) != nil }
                self.processes[position].phase = .act(number.records(existing: existing))
            }
        case .act(let records):
            self.act(position, records)
        case .clear:
            self.clear(position)
        }
    }

    private mutating func act(_ position: Int, _ records: PhoneNumberRecords) {
        let process = self.processes[position]
        switch process.steps[0] {
        case .issue:
            let decision = self.change(records.used) { [limits] in
                $0.issue(process.challenge, code: process.code, limits: limits, at: Self.now)
            }
            if case .admitted(let admission) = decision {
                self.messages += 1
                self.processes[position].admission = admission.time
            }
        case .release:
            self.release(position, records)
        case .guessWrong, .guessRight, .guessWithMadeUpToken:
            if self.attempt(position, records) {
                self.processes[position].phase = .clear(records.unused)
                if !records.unused.isEmpty { return }
                self.forgotten = max(self.forgotten, process.failuresBefore)
            }
        case .unlock: break
        }
        self.finish(position)
    }

    private mutating func release(_ position: Int, _ records: PhoneNumberRecords) {
        guard let time = self.processes[position].admission else { return }
        let reservation = SendReservation(challenge: self.processes[position].challenge.id, time: time, kind: .first)
        for index in [records.used] + records.unused {
            let isReleased = self.change(index) { [limits] in
                $0.release(reservation, isOneOfSeveral: !records.unused.isEmpty, limits: limits, at: Self.now)
            }
            guard isReleased else { continue }
            self.messages -= 1
            self.processes[position].admission = nil
            return
        }
    }

    /// Returns whether the attempt was right.
    private mutating func attempt(_ position: Int, _ records: PhoneNumberRecords) -> Bool {
        let process = self.processes[position]
        var challenge = process.challenge
        var authenticator = process.code.authenticator
        if case .guessWrong = process.steps[0] { authenticator = [99] }
        if case .guessWithMadeUpToken = process.steps[0] { challenge.id = ChallengeID(bytes: [99]) }
        let before = self.records
        let attempt = Attempt(candidates: [.init(keyID: "k", authenticator: authenticator)])
        let decision = self.change(records.used) { [limits] in
            $0.verify(attempt, of: challenge, limits: limits, at: Self.now)
        }
        if case .guessWithMadeUpToken = process.steps[0] { #expect(self.records == before) }
        if case .mismatched = decision { self.failures += 1 }
        if case .matched = decision { return true }
        return false
    }

    /// Clears the next record, as part of a success or an `unlock`.
    private mutating func clear(_ position: Int) {
        guard case .clear(var rest) = self.processes[position].phase else { return }
        let index = rest.removeFirst()
        if case .unlock = self.processes[position].steps[0] {
            if self.records[index] != nil { self.change(index) { $0.unlock() } }
        } else if self.records[index] != nil {
            self.change(index) { $0.succeed() }
        }
        self.processes[position].phase = .clear(rest)
        guard rest.isEmpty else { return }
        self.forgotten = max(self.forgotten, self.processes[position].failuresBefore)
        self.finish(position)
    }

    private mutating func finish(_ position: Int) {
        self.processes[position].steps.removeFirst()
        self.processes[position].phase = .look
    }

    @discardableResult
    private mutating func change<Result>(_ index: PhoneNumberIndex, _ step: (inout PhoneNumberState) -> Result)
        -> Result
    {
        var state = self.records[index] ?? PhoneNumberState()
        let result = step(&state)
        self.records[index] = state.expiry(self.limits) == nil ? nil : state
        return result
    }

    /// Checks the invariants after the end of all processes.
    func checkBounds() {
        // The limit is one message, and the second record may admit one more.
        #expect(self.messages <= 2)
        // The limit is three failures, and the second record may admit the failures of one more code.
        #expect(self.failures <= 3 + self.limits.attemptsPerCode)
        var settings = self.limits.values
        settings.consecutiveFailures = self.failures - self.forgotten + 1
        guard let limits = try? StoreLimits(settings) else {
            Issue.record("limits out of range")
            return
        }
        let challenge = ChallengeReference(id: ChallengeID(bytes: [98]), check: [])
        let code = ProtectedCode(keyID: "k", authenticator: [], sealed: [])
        for state in self.records.values {
            var state = state
            let decision = state.issue(challenge, code: code, limits: limits, at: Self.now)
            if case .refused(let refusal, _) = decision {
                #expect(refusal.limit != .consecutiveFailures, "a failure streak came back")
            }
        }
        // No record counts a message that was released.
        if self.messages == 0 {
            for process in self.processes {
                let existing = process.number.all.filter { self.records[$0] != nil }
                var state = self.records[process.number.records(existing: existing).used] ?? PhoneNumberState()
                let decision = state.issue(challenge, code: code, limits: self.limits, at: Self.now + .seconds(60))
                guard case .refused(let refusal, _) = decision else { continue }
                #expect(refusal.limit != .cooldown && refusal.limit != .sends(self.limits.sends[0]))
            }
        }
    }
}
