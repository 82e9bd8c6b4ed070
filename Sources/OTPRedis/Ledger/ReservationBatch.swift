// SPDX-License-Identifier: Apache-2.0

import Hiredis
import SendGuard

/// The sends that share one call of `guard_reserve.lua`.
///
/// The call admits or refuses the sends one after the other, in the order of ``sends``. It reads and writes each record only
/// once.
struct ReservationBatch: Sendable {
    /// A group of scopes whose records have the same hash slot.
    enum Group: Sendable, Hashable {
        /// The networks and sources (client addresses) whose hash tag is at this position in ``LedgerKeySchema/originTags``.
        case origin(Int)
        case shared
    }

    let group: Group
    private(set) var sends: [PendingReservation] = []
    private let modesVersion: Int
    private var scopes = ScopeBatch()
    private var facts: [UInt8] = []
    /// For each record, the number of sends to count in the record, their total cost, and their destination.
    ///
    /// If the sends have different destinations, the destination is ``GuardLayout/mixedDestination``.
    private var totals: [(sends: Int, cost: Int, destination: UInt16)] = []

    private init(_ group: Group, modesVersion: Int) {
        self.group = group
        self.modesVersion = modesVersion
    }

    /// Distributes sends over as few batches as possible.
    ///
    /// - Parameters:
    ///   - sends: The sends, in the order in which the script admits or refuses them.
    ///   - keys: The names of the keys in Redis.
    /// - Returns: The batches. Batches with the same ``group`` must run in the order of this list.
    static func batches(of sends: [PendingReservation], _ keys: LedgerKeySchema) -> [ReservationBatch] {
        var batches: [ReservationBatch] = []
        var latest: [Group: Int] = [:]
        func add(_ send: PendingReservation, to group: Group, _ scopes: [ScopeClaim]) {
            if let position = latest[group], batches[position].append(send, scopes, keys) { return }
            latest[group] = batches.count
            batches.append(ReservationBatch(group, modesVersion: send.claim.modesVersion))
            _ = batches[batches.count - 1].append(send, scopes, keys)
        }
        for send in sends {
            let claim = send.claim
            if let network = claim.origin.first { add(send, to: .origin(keys.origin(of: network)), claim.origin) }
            if !claim.shared.isEmpty { add(send, to: .shared, claim.shared) }
        }
        return batches
    }

    /// Appends a send, unless the batch is full or the send does not match the batch.
    ///
    /// All sends of a batch must have the same version of the run-time modes. If two sends have the same scope, they must also
    /// have the same rules for this scope.
    ///
    /// - Returns: Whether the send was appended.
    private mutating func append(
        _ send: PendingReservation,
        _ scopes: [ScopeClaim],
        _ keys: LedgerKeySchema
    ) -> Bool {
        // One key is reserved for the run-time modes.
        guard send.claim.modesVersion == self.modesVersion, self.sends.count < UInt8.max,
            self.scopes.accepts(scopes, limit: GuardScripts.mostKeys - 1)
        else { return false }
        self.facts.append(send.claim.facts, records: scopes.count)
        for scope in scopes {
            let position = self.scopes.position(of: scope) { scope in
                switch self.group {
                case .origin(let origin): keys.origin(scope, at: origin)
                case .shared: keys.shared(scope)
                }
            }
            self.facts.append(position)
            self.count(send.claim.facts, at: Int(position) - 1)
        }
        self.sends.append(send)
        return true
    }

    private mutating func count(_ facts: SendFacts, at position: Int) {
        let destination = facts.destination.letters
        guard position < self.totals.count else { return self.totals.append((1, facts.cost, destination)) }
        self.totals[position].sends += 1
        self.totals[position].cost += facts.cost
        if self.totals[position].destination != destination {
            self.totals[position].destination = GuardLayout.mixedDestination
        }
    }

    /// Returns the keys of the script call.
    func keys(_ schema: LedgerKeySchema) -> [String] {
        self.group == .shared ? self.scopes.keys + [schema.modes] : self.scopes.keys
    }

    /// The arguments of the script call.
    var arguments: [RedisArgument] {
        var totals: [UInt8] = []
        totals.reserveCapacity(self.totals.count * GuardLayout.Total.size)
        for total in self.totals {
            let values = [total.sends, total.cost, Int(total.destination)]
            for (size, value) in zip(GuardLayout.totalSizes, values) { totals.append(value, size: size) }
        }
        let head = GuardLayout.Call.pack([self.sends.count, self.modesVersion])
        return self.scopes.arguments + [.bytes(totals), .bytes(self.facts), .bytes(head)]
    }

    /// Delivers the reply or the error of the script call to all sends.
    func resolve(_ result: Result<RedisReply, RedisError>) {
        let replies: Result<[LedgerReply], any Error> = Result {
            guard case .bulk(let bytes) = try result.get() else { throw ScriptReply.unexpected }
            return try LedgerReply.replies(packed: bytes, count: self.sends.count)
        }
        for (position, send) in self.sends.enumerated() {
            send.resolve(self.group, replies.map { $0[position] })
        }
    }
}
