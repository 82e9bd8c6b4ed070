// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Logging
import OTP
import OTPRedis
import PrivateRedis
import ServiceLifecycle
import Testing

/// Tests of the store's connections, from the URL to the shutdown.
@Suite(.timeLimit(.minutes(2))) struct StoreLifecycleTests {
    @Test func storeFromAURLIssuesAndPings() async throws {
        try await withPrivateRedis { server in
            let store = try RedisOTPStore(url: server.url)
            try await store.ping()
            #expect(try await Self.isAdmitted(store))
            await store.shutdown()
        }
    }

    @Test func unusableSettingsThrowBeforeAnyConnection() throws {
        let invalid = RedisError(code: .invalidConfiguration, message: "")
        #expect(throws: invalid) { try RedisOTPStore(url: "http://127.0.0.1") }
        #expect(throws: invalid) { try RedisOTPStore(url: "redis://127.0.0.1", prefix: "{otp}") }
        #expect(throws: invalid) { try RedisOTPStore(url: "rediss://127.0.0.1?ca=/nowhere/ca.pem") }
        var configuration = try RedisConfiguration(url: "redis://127.0.0.1")
        configuration.commandTimeout = .zero
        let unusable = configuration
        #expect(throws: invalid) { try RedisOTPStore(configuration: unusable) }
    }

    @Test func pingFailsIfTheServerIsUnreachable() async throws {
        let store = try RedisOTPStore(url: "unix:///nowhere/redis.sock")
        await #expect(throws: RedisError(code: .connectionFailed, message: "")) { try await store.ping() }
        await store.shutdown()
    }

    @Test func useAfterShutdownFailsWithAClearError() async throws {
        try await withPrivateRedis { server in
            let store = try RedisOTPStore(url: server.url)
            try await store.ping()
            await store.shutdown()
            await store.shutdown()
            let closed = RedisError(code: .clientClosed, message: "")
            await #expect(throws: closed) { try await store.ping() }
            await #expect(throws: closed) { try await Self.isAdmitted(store) }
            await #expect(throws: closed) { try await store.run() }
        }
    }

    @Test func gracefulShutdownOfAServiceGroupClosesTheStore() async throws {
        try await withPrivateRedis { server in
            let store = try RedisOTPStore(url: server.url)
            let (started, continuation) = AsyncStream.makeStream(of: Void.self)
            let services: [any Service] = [store, StartedService(continuation: continuation)]
            let group = ServiceGroup(services: services, logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await _ in started {}
                try await store.ping()
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            await #expect(throws: RedisError(code: .clientClosed, message: "")) { try await store.ping() }
        }
    }

    @Test func cancellationOfRunClosesTheStore() async throws {
        try await withPrivateRedis { server in
            let store = try RedisOTPStore(url: server.url)
            try await store.ping()
            let service = Task { try await store.run() }
            service.cancel()
            try await service.value
            await #expect(throws: RedisError(code: .clientClosed, message: "")) { try await store.ping() }
        }
    }

    /// A service that reports when the service group has started its services.
    private struct StartedService: Service {
        let continuation: AsyncStream<Void>.Continuation

        func run() async throws {
            self.continuation.finish()
            try await gracefulShutdown()
        }
    }

    private static func isAdmitted(_ store: RedisOTPStore) async throws -> Bool {
        let random = RedisOTPStoreTests.random
        let decision = try await store.issue(
            ChallengeReference(id: ChallengeID(bytes: random(16)), check: random(16)),
            code: ProtectedCode(keyID: "k1", authenticator: random(32), sealed: []),
            for: PhoneNumberIndexes(PhoneNumberIndex(bytes: random(16))),
            limits: .init()
        )
        if case .admitted = decision { return true }
        return false
    }
}
