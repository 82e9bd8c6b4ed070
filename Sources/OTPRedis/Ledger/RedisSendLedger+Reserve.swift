// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Hiredis
public import SendGuard

extension RedisSendLedger {
    /// Counts a send in all scopes of its claim, unless a limit refuses the send.
    ///
    /// A scope is a group of sends with common limits, such as all sends from one address or to one region.
    ///
    /// Sends that begin at the same time share script calls. The decisions are the same as with a separate call for each send.
    public func reserve(_ claim: SendClaim) async throws -> LedgerReply {
        let send = PendingReservation(claim)
        if let sends = await self.rounds.join(send) { self.start(sends) }
        return try await self.settle(send)
    }

    /// Starts the script calls for some sends, without waiting for the replies.
    private func start(_ sends: [PendingReservation]) {
        let executor = preferredTaskExecutor
        for batch in ReservationBatch.batches(of: sends, self.keys) {
            // Detached, because the cancellation of one caller must not cancel the batch of many callers.
            Task.immediateDetached(executorPreference: executor) {
                batch.resolve(await self.run(batch))
            }
        }
    }

    private func run(_ batch: ReservationBatch) async -> Result<RedisReply, RedisError> {
        do throws(RedisError) {
            let keys = batch.keys(self.keys)
            let (script, timer) = (self.scripts.reserve, self.timers.reserve)
            return .success(try await self.client.evaluate(script, timer, keys, batch.arguments))
        } catch {
            return .failure(error)
        }
    }

    /// Waits for the two decisions about a send, and combines them.
    ///
    /// One decision is about the scopes in `SendClaim.origin`, and the other about the scopes in `SendClaim.shared`. If only
    /// one decision admits the send, the method releases the send in the scopes of that decision.
    private func settle(_ send: PendingReservation) async throws -> LedgerReply {
        // Both script calls have ended before an error is thrown.
        let decisions = await send.decisions()
        let claim = send.claim
        let ofOrigin = (try? decisions.origin.get()).flatMap { $0.isAdmitted ? $0.time : nil }
        let ofShared = (try? decisions.shared.get()).flatMap { $0.isAdmitted ? $0.time : nil }
        if (ofOrigin == nil) != (ofShared == nil), let time = ofOrigin ?? ofShared {
            let reservation = GuardReservation(claim: claim, time: time)
            // If this call fails, the send is still refused, but remains counted in these scopes.
            try? await self.release(reservation, ofOrigin: ofOrigin != nil, ofShared: ofShared != nil)
        }
        let (origin, shared) = (try decisions.origin.get(), try decisions.shared.get())
        // The two decisions may come from servers with different clocks. The reply contains the time of the shared scopes.
        let time = claim.shared.isEmpty ? origin.time : shared.time
        return LedgerReply(time: time, findings: origin.findings + shared.findings, modes: shared.modes)
    }
}

extension RedisSendLedger: BatchSendLedger {
    /// Admits or refuses several sends, which share script calls.
    package func reserve(_ claims: [SendClaim]) async throws -> [LedgerReply] {
        let sends = claims.map { PendingReservation($0) }
        // The batches run one after the other, because calls on different connections can be reordered.
        for batch in ReservationBatch.batches(of: sends, self.keys) { batch.resolve(await self.run(batch)) }
        var replies: [LedgerReply] = []
        for send in sends { replies.append(try await self.settle(send)) }
        return replies
    }
}
