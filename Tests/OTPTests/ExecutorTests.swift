// SPDX-License-Identifier: Apache-2.0

#if compiler(>=6.3)
    import Dispatch
    import OTP
    import OTPTesting
    import SMSKit
    import Synchronization
    import Testing

    /// Tests of the executor of the service's tasks.
    ///
    /// The tasks must stay on the executor of the caller, because a thread hop takes longer than issuing a code.
    @Suite struct ExecutorTests {
        @Test func theTasksOfAnIssueStayOnTheExecutorOfTheCaller() async throws {
            let executor = QueueExecutor()
            let places = Mutex<[String]>([])
            let note: @Sendable (String) -> Void = { step in
                places.withLock { $0.append("\(step): \(executor.isCurrent ? "caller's" : "another")") }
            }
            let store = WaitingStore(note: note)
            let service = try OTPService(
                store: store,
                proofs: store,
                sms: RecordingSMSClient { _ in
                    await Task.yield()
                    note("send")
                    return .accepted(SMSReceipt(messageID: "m1"))
                },
                keys: try Fixture.keys(),
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme"),
                clock: ManualClock()
            )
            try await withTaskExecutorPreference(executor) {
                _ = try await service.issue(for: Fixture.number, purpose: .registration)
            }
            #expect(places.withLock { $0 } == ["issue: caller's", "send: caller's"])
        }
    }

    /// An executor with a private queue.
    private final class QueueExecutor: TaskExecutor {
        private let queue = DispatchQueue(label: "executor")
        private let key = DispatchSpecificKey<Bool>()

        init() {
            self.queue.setSpecific(key: self.key, value: true)
        }

        /// Returns whether the caller runs on the executor.
        var isCurrent: Bool { DispatchQueue.getSpecific(key: self.key) == true }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            self.queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// A store that suspends before it admits a message, and fails all other steps.
    private struct WaitingStore: ForwardingStore {
        let base = BrokenStore()
        let note: @Sendable (String) -> Void
        private let memory = InMemoryOTPStore()

        init(note: @escaping @Sendable (String) -> Void) {
            self.note = note
        }

        func issue(
            _ challenge: ChallengeReference,
            code: ProtectedCode,
            for number: PhoneNumberIndexes,
            limits: StoreLimits
        ) async throws -> IssueDecision {
            await Task.yield()
            self.note("issue")
            return try await self.memory.issue(challenge, code: code, for: number, limits: limits)
        }
    }
#endif
