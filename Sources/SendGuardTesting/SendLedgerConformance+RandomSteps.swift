// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import SendGuard

extension SendLedgerConformance {
    /// Performs random steps on the ledger and on a simple model, and compares their decisions and records.
    ///
    /// The model decides with the methods of `ScopeRecord`.
    ///
    /// The steps are sends, releases, outcomes, lockdowns, changes of rule modes, additions to reports, and clock moves.
    ///
    /// - Parameters:
    ///   - count: The number of steps.
    ///   - seed: The seed of the random steps.
    /// - Returns: The number of results of each kind, to show the coverage of the random steps.
    /// - Throws: ``Failure`` at the first difference, or an error of the ledger.
    @discardableResult
    public func checkRandomSteps(_ count: Int, seed: UInt64) async throws -> [String: Int] {
        var walk = RandomWalk(seed: seed)
        try await walk.prepare(self)
        try await takeRandomSteps(count, seed: seed, failure: Failure.init) { try await walk.step(self) }
        return walk.outcomes
    }
}

/// A random walk that performs each step on the tested ledger and on a `ModelLedger`, and compares the results.
private struct RandomWalk {
    private var random: SplitMix64
    private var world: RandomScopes
    private var model = ModelLedger()
    private var reservations: [GuardReservation] = []
    private var now: LedgerTime?
    private(set) var outcomes: [String: Int] = [:]
    /// Current and outdated version numbers of the run-time modes.
    ///
    /// Each simulated send contains one of these versions at random, because the ledger returns the modes only to a send with
    /// an outdated version.
    private var versions = [0]

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.world = RandomScopes(using: &random)
        self.random = random
    }

    /// Removes all run-time modes from the tested ledger, and copies the state of the ledger into the model.
    ///
    /// The copied state is the version number of the modes after the removal, and the reports of the last four days.
    mutating func prepare(_ check: SendLedgerConformance) async throws {
        let (modes, time) = try await check.ledger.modes()
        for rule in modes.overrides.keys { _ = try await check.ledger.setMode(nil, of: rule) }
        self.model.runTime = RunTimeRecords(try await check.ledger.modes().modes, at: time)
        let today = time.seconds / LedgerTime.secondsPerDay
        for day in today - 3...today { self.model.runTime.set(try await check.ledger.report(ofDay: day), ofDay: day) }
    }

    mutating func step(_ check: SendLedgerConformance) async throws {
        switch Int.random(in: 0..<1_000, using: &self.random) {
        case 0..<400: try await self.reserve(check)
        case 400..<500: try await self.reserveTogether(check)
        case 500..<560: try await self.release(check)
        case 560..<720: try await self.record(check)
        case 720..<740: try await self.setMode(check)
        case 740..<760: try await self.report(check)
        case 760..<790: try await self.lockDown(check)
        case 790..<840: try await self.compareRecords(check)
        case 840..<990: try await self.move(check)
        default:
            // The walk continues with new scopes and rules. Decisions never depend on the old scopes.
            self.world = RandomScopes(using: &self.random)
            self.model = ModelLedger(self.model.runTime)
            self.reservations = []
        }
    }

    /// Reads the ledger's time by reserving ``RandomScopes/probe``.
    private mutating func time(_ check: SendLedgerConformance) async throws -> LedgerTime {
        if let now = self.now { return now }
        let time = try await check.ledger.reserve(RandomScopes.probe).time
        self.now = time
        return time
    }

    private mutating func reserve(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        var claim = self.world.claim(at: now, using: &self.random)
        claim.modesVersion = self.versions.randomElement(using: &self.random) ?? 0
        let expected = self.model.reserve(claim, at: now)
        let actual = try await check.ledger.reserve(claim)
        for finding in actual.findings { self.outcomes["\(finding.rule.measure) \(finding.effect)", default: 0] += 1 }
        self.outcomes[actual.isAdmitted ? "admitted" : "refused", default: 0] += 1
        try Self.compare("reserve", actual, expected)
        self.keep(claim, actual)
    }

    /// Reserves 1 to 80 sends at the same time.
    ///
    /// If the ledger is not a `BatchSendLedger`, the method reserves a single send.
    private mutating func reserveTogether(_ check: SendLedgerConformance) async throws {
        guard let ledger = check.ledger as? any BatchSendLedger else { return try await self.reserve(check) }
        let now = try await self.time(check)
        let version = self.versions.randomElement(using: &self.random) ?? 0
        let largest = [2, 8, 80].randomElement(using: &self.random) ?? 2
        let claims = (0..<Int.random(in: 1...largest, using: &self.random))
            .map { _ in
                var claim = self.world.claim(at: now, using: &self.random)
                // Most sends have the same version of the modes. A send with another version needs a separate script call.
                let isOther = Int.random(in: 0..<8, using: &self.random) == 0
                claim.modesVersion = isOther ? self.versions.randomElement(using: &self.random) ?? 0 : version
                if Int.random(in: 0..<16, using: &self.random) == 0 {
                    RandomScopes.replaceLimits(of: &claim, using: &self.random)
                }
                return claim
            }
        let expected = self.model.reserve(claims, at: now)
        let actual = try await ledger.reserve(claims)
        for position in claims.indices {
            try Self.compare("send \(position) of \(claims.count)", actual[position], expected[position])
            self.keep(claims[position], actual[position])
        }
        let compared = Array(claims.shuffled(using: &self.random).prefix(3))
        for (claim, records) in zip(compared, try await Self.records(of: compared, in: ledger)) {
            try Self.compare("records after the sends", records, self.model.records(of: claim, at: now))
        }
        self.outcomes["together", default: 0] += 1
    }

    private mutating func keep(_ claim: SendClaim, _ reply: LedgerReply) {
        guard reply.isAdmitted else { return }
        self.reservations.append(GuardReservation(claim: claim, time: reply.time))
        if self.reservations.count > 20 { self.reservations.removeFirst() }
    }

    private mutating func release(_ check: SendLedgerConformance) async throws {
        guard let position = self.reservations.indices.randomElement(using: &self.random) else { return }
        let reservation = self.reservations.remove(at: position)
        self.model.release(reservation, at: try await self.time(check))
        try await check.ledger.release(reservation)
    }

    private mutating func record(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        let outcomes = (0..<Int.random(in: 1...6, using: &self.random))
            .map { _ in
                let claim = self.world.claim(at: now, using: &self.random)
                return SendOutcome(
                    claim,
                    Bool.random(using: &self.random) ? .verified : .failed,
                    count: [1, 1, 3].randomElement(using: &self.random) ?? 1
                )
            }
        self.model.record(outcomes, at: now)
        try await check.ledger.record(outcomes)
    }

    private mutating func lockDown(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        let claim = self.world.claim(at: now, using: &self.random)
        guard let scope = claim.shared.randomElement(using: &self.random) else { return }
        let duration = [0, 0, 1, 100, 100_000].randomElement(using: &self.random) ?? 0
        self.model.lockDown(scope, for: duration, at: now)
        try await check.ledger.lockDown(scope, for: duration)
    }

    private mutating func compareRecords(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        let claim = self.world.claim(at: now, using: &self.random)
        let expected = self.model.records(of: claim, at: now)
        let actual = try await check.ledger.records(of: claim)
        guard actual == expected else {
            throw SendLedgerConformance.Failure(description: "records: \(actual), expected \(expected)")
        }
    }

    private mutating func setMode(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        let rule = GuardRule.Name(
            GuardMeasure.allCases.randomElement(using: &self.random) ?? .lockdown,
            GuardScope.allCases.randomElement(using: &self.random) ?? .service
        )
        let mode = Bool.random(using: &self.random) ? GuardMode.allCases.randomElement(using: &self.random) : nil
        try Self.compare(
            "setMode",
            try await check.ledger.setMode(mode, of: rule),
            self.model.runTime.setMode(mode, of: rule, at: now)
        )
        let modes = try await check.ledger.modes()
        try Self.compare("modes", modes.modes, self.model.runTime.modes(at: now))
        try Self.compare("time of the modes", modes.time, now)
        self.versions = [0, modes.modes.version - 1, modes.modes.version, modes.modes.version]
        self.outcomes["modes", default: 0] += 1
    }

    private mutating func report(_ check: SendLedgerConformance) async throws {
        let now = try await self.time(check)
        var counts: [ReportedEvent: Int] = [:]
        for _ in 0..<Int.random(in: 1...4, using: &self.random) {
            let kinds: [ReportedEvent.Kind] = [
                .sent, .verified, .found(GuardRule.Name(.unverified, .block), .monitor),
            ]
            // There are far more random blocks than a report counts separately.
            let block =
                Bool.random(using: &self.random) ? "" : String(Int.random(in: 10_000...60_000, using: &self.random))
            let event = ReportedEvent(
                kinds.randomElement(using: &self.random) ?? .sent,
                region: RegionCode(letters: UInt16.random(in: 0x4141...0x4145, using: &self.random)),
                block: block
            )
            counts[event] = Int.random(in: -2...100, using: &self.random)
        }
        try await check.ledger.add(counts)
        self.model.runTime.add(counts, at: now)
        let today = now.seconds / LedgerTime.secondsPerDay
        for day in [today, today - Int.random(in: 1...3, using: &self.random)] {
            try Self.compare(
                "report",
                try await check.ledger.report(ofDay: day),
                self.model.runTime.report(ofDay: day, at: now)
            )
        }
        self.outcomes["report", default: 0] += 1
    }

    /// Reads the records of several claims concurrently.
    private static func records(
        of claims: [SendClaim],
        in ledger: any SendLedger
    ) async throws -> [[ScopeRecord?]] {
        try await withThrowingTaskGroup { group in
            for (position, claim) in claims.enumerated() {
                group.addTask { (position, try await ledger.records(of: claim)) }
            }
            return try await group.reduce(into: claims.map { _ in [] }) { $0[$1.0] = $1.1 }
        }
    }

    private static func compare<Value: Equatable>(_ name: String, _ actual: Value, _ expected: Value) throws {
        guard actual == expected else {
            throw SendLedgerConformance.Failure(description: "\(name): \(actual), expected \(expected)")
        }
    }

    private mutating func move(_ check: SendLedgerConformance) async throws {
        let longest = [3, 60, 1_000, 20_000, 2 * 86_400].randomElement(using: &self.random) ?? 0
        var seconds = Int.random(in: 0...longest, using: &self.random)
        if check.movesBackwards, Int.random(in: 0..<10, using: &self.random) == 0 {
            seconds = -seconds
            // If the clock moves back, expired records become valid again. Reading all records first removes the expired
            // records.
            _ = try await Self.records(of: self.world.all, in: check.ledger)
            _ = try await check.ledger.modes()
            self.model.removeExpired(at: try await self.time(check))
        }
        try await check.advance(.seconds(seconds))
        self.now = nil
    }
}
