// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import SendGuard

/// A few scopes of every kind (`GuardScope`) with random rules, and random claims (`SendClaim`) with these scopes.
struct RandomScopes {
    /// A claim (`SendClaim`) whose scopes have no active rules.
    ///
    /// A test reserves this claim only to read the ledger's time from the reply.
    static let probe = SendClaim(
        origin: [
            ScopeClaim(name: ScopeName([UInt8](repeating: 0, count: 12)), limits: ScopeLimits(.network)),
            ScopeClaim(name: ScopeName([UInt8](repeating: 1, count: 12)), limits: ScopeLimits(.source)),
        ],
        shared: [ScopeClaim(name: ScopeName([UInt8](repeating: 2, count: 12)), limits: ScopeLimits(.service))],
        facts: SendFacts(cost: 0, destination: RegionCode(letters: 0), signals: [])
    )

    private var networks: [[ScopeClaim]] = []
    private var shared: [[ScopeClaim]] = []

    init(using random: inout SplitMix64) {
        let network = Self.limits(.network, using: &random)
        let source = Self.limits(.source, using: &random)
        self.networks = (0..<2)
            .map { _ in
                let first = ScopeClaim(name: Self.name(using: &random), limits: network)
                return [first] + (0..<2).map { _ in ScopeClaim(name: Self.name(using: &random), limits: source) }
            }
        let kinds: [GuardScope] = [.service, .tenant, .region, .block, .purpose]
        // Some random walks use so many blocks that a batch of sends needs several script calls. In these walks, only the rules
        // of blocks refuse sends.
        let isWide = Int.random(in: 0..<4, using: &random) == 0
        for kind in kinds {
            let most = kind == .block && isWide ? 60 : 2
            let scopes = (0..<(kind == .service ? 1 : most))
                .map { position in
                    let isHome = kind == .region && position == 1
                    var limits = Self.limits(isHome ? .homeRegion : kind, using: &random)
                    if isWide, kind != .block { limits.monitor() }
                    return ScopeClaim(name: Self.name(using: &random), limits: limits)
                }
            self.shared.append(scopes)
        }
    }

    /// Returns a claim with a random scope of each kind.
    func claim(at now: LedgerTime, using random: inout SplitMix64) -> SendClaim {
        let network = self.networks.randomElement(using: &random) ?? []
        let source = network.dropFirst().randomElement(using: &random)
        let signals: [SendSignals] = [
            [], [], [], [.humanCheckPassed], [.knownDevice], [.knownNumber, .humanCheckPassed],
        ]
        let isListed = Int.random(in: 0..<8, using: &random) == 0
        let end = isListed ? now + Int.random(in: -50...100, using: &random) : LedgerTime(seconds: 0)
        return SendClaim(
            origin: Array(network.prefix(1)) + (source.map { [$0] } ?? []),
            shared: self.shared.compactMap { $0.randomElement(using: &random) },
            facts: SendFacts(
                cost: Int.random(in: 0...10, using: &random),
                destination: RegionCode(letters: UInt16.random(in: 0x4141...0x4145, using: &random)),
                signals: signals.randomElement(using: &random) ?? [],
                listedUntil: end
            )
        )
    }

    /// A list of claims that together contain every scope.
    var all: [SendClaim] {
        let origins = self.networks.flatMap { network in network.dropFirst().map { [network[0], $0] } }
        let count = max(origins.count, self.shared.map(\.count).max() ?? 0)
        return (0..<count)
            .map { position in
                SendClaim(
                    origin: origins[position % origins.count],
                    shared: self.shared.map { $0[position % $0.count] },
                    facts: Self.probe.facts
                )
            }
    }

    /// Replaces the rules of one scope in `SendClaim.shared`.
    ///
    /// In a real service, a rule can get another mode at run time. The method simulates such a change.
    static func replaceLimits(of claim: inout SendClaim, using random: inout SplitMix64) {
        guard let position = claim.shared.indices.randomElement(using: &random) else { return }
        let scope = claim.shared[position]
        claim.shared[position] = ScopeClaim(
            name: scope.name,
            limits: Self.limits(scope.limits.scope, using: &random)
        )
    }

    private static func name(using random: inout SplitMix64) -> ScopeName {
        ScopeName((0..<ScopeName.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Draws random limits that a few sends can reach.
    private static func limits(_ scope: GuardScope, using random: inout SplitMix64) -> ScopeLimits {
        var limits = ScopeLimits(scope)
        func mode() -> GuardMode {
            let modes: [GuardMode] = [.off, .off, .off, .monitor, .challenge, .shadow, .block, .block]
            return modes.randomElement(using: &random) ?? .off
        }
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        limits.lockdown = mode()
        limits.messages = (mode(), number(1...30))
        limits.money = (mode(), number(0...200))
        limits.growth = (mode(), number(0...20), number(0...3))
        limits.unverified = (mode(), Self.bucket(doublings: number(0...4), using: &random))
        limits.failures = (mode(), Self.bucket(doublings: 0, using: &random))
        limits.destinations = (mode(), number(1...3))
        limits.retention = [100, 5_000, 3 * 86_400].randomElement(using: &random) ?? 100
        return limits
    }

    private static func bucket(doublings: Int, using random: inout SplitMix64) -> LeakyBucket.Limits {
        let capacity = Int.random(in: 1...8, using: &random)
        return LeakyBucket.Limits(
            capacity: capacity,
            checkedCapacity: capacity + Int.random(in: 0...6, using: &random),
            pause: [1, 7, 60, 900, 86_400].randomElement(using: &random) ?? 1,
            doublings: doublings,
            weight: Int.random(in: 1...3, using: &random),
            credit: Int.random(in: 0...3, using: &random),
            share: [0, 1, 2, 5].randomElement(using: &random) ?? 0
        )
    }
}

extension ScopeLimits {
    /// Weakens all active rules to the mode `monitor`, so that they do not refuse any send.
    fileprivate mutating func monitor() {
        func weakened(_ mode: GuardMode) -> GuardMode { mode == .off ? .off : .monitor }
        self.lockdown = weakened(self.lockdown)
        self.messages.mode = weakened(self.messages.mode)
        self.money.mode = weakened(self.money.mode)
        self.growth.mode = weakened(self.growth.mode)
        self.unverified.mode = weakened(self.unverified.mode)
        self.failures.mode = weakened(self.failures.mode)
        self.destinations.mode = weakened(self.destinations.mode)
    }
}
