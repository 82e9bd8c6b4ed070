// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// An ``IdempotencyStore`` in the memory of one process, for tests, demonstrations and services with a single process.
///
/// A mark is a few bytes that record the state of a request with an idempotency key. Each call of
/// ``insert(_:named:lifetime:)`` also removes a few expired marks.
public final class InMemoryIdempotencyStore: IdempotencyStore {
    private typealias Marks = ExpiringDictionary<[UInt8], (mark: [UInt8], expiry: StoreTime)>

    private let marks = Mutex(Marks())
    private let now: @Sendable () -> StoreTime

    /// Creates an empty store.
    ///
    /// - Parameter clock: The clock for all lifetimes, which must never be set back.
    public init<C: Clock>(clock: C = ContinuousClock()) where C.Duration == Duration {
        let origin = clock.now
        self.now = { StoreTime(milliseconds: 0) + origin.duration(to: clock.now) }
    }

    /// Stores the mark of a request, unless there is a mark with the same name.
    ///
    /// - Returns: `nil` if this call has stored the mark; otherwise the existing mark.
    public func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]? {
        self.marks.withLock { marks in
            let now = self.now()
            marks.sweep(4, at: now)
            if let existing = marks[name], existing.expiry > now { return existing.mark }
            marks.set((mark, now + lifetime), for: name, until: now + lifetime)
            return nil
        }
    }

    /// Stores the mark of a request, and replaces an existing mark with the same name.
    public func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws {
        self.marks.withLock { marks in
            let expiry = self.now() + lifetime
            marks.set((mark, expiry), for: name, until: expiry)
        }
    }

    /// Removes the mark of a request.
    public func remove(named name: [UInt8]) async throws {
        self.marks.withLock { $0.remove(name) }
    }
}
