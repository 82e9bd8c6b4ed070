// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// Creates claims with all standard rules of the guard.
///
/// The limits are so high that no limit is reached before 65,000 sends.
struct BenchScopes: Sendable {
    private let limits: [GuardScope: ScopeLimits]

    init() {
        let bucket = LeakyBucket.Limits(
            capacity: 65_535,
            checkedCapacity: 65_535,
            pause: 900,
            doublings: 7,
            credit: 2,
            share: 16
        )
        var failures = bucket
        failures.doublings = 0
        var all: [GuardScope: ScopeLimits] = [:]
        for scope in GuardScope.allCases {
            var limits = ScopeLimits(scope)
            let counts = scope != .source && scope != .network && scope != .purpose
            if counts { limits.messages = (.block, 1 << 31) }
            if counts { limits.money = (.block, 1 << 45) }
            if scope == .block { limits.growth = (.block, 1 << 31, 1) }
            if scope != .purpose, scope != .service { limits.unverified = (.block, bucket) }
            if !counts { limits.failures = (.block, failures) }
            if scope == .source { limits.destinations = (.block, 3) }
            all[scope] = limits
        }
        self.limits = all
    }

    /// Returns a claim for a block of phone numbers and a source.
    ///
    /// The claim omits the block or the source if it is `nil`. If the network is `nil`, each source has its own network.
    func claim(block: Int?, source: Int?, network: Int? = nil) -> SendClaim {
        func scope(_ scope: GuardScope, _ number: Int) -> ScopeClaim {
            // The bits are mixed, because the Redis key of a source contains only the first half of the source's name.
            let mixed = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
            let name = [scope.rawValue, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: mixed >> (56 - 8 * $0)) }
            return ScopeClaim(name: ScopeName(name.reversed()), limits: self.limits[scope] ?? ScopeLimits(scope))
        }
        let origin = source.map { [scope(.network, network ?? $0), scope(.source, $0)] }
        let shared = block.map {
            [scope(.service, 0), scope(.tenant, 0), scope(.homeRegion, 0), scope(.block, $0), scope(.purpose, 0)]
        }
        let facts = SendFacts(cost: 500, destination: RegionCode(.singapore), signals: [])
        return SendClaim(origin: origin ?? [], shared: shared ?? [], facts: facts)
    }
}
