// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSTesting
import Foundation
import Synchronization
import Testing

@Suite struct RefreshingCredentialProviderTests {
    struct Outage: Error {}

    /// A credential service that succeeds, fails or hangs, as set by the test.
    final class Service: Sendable {
        enum Mode: Sendable { case succeeds, fails, hangs }

        let time = MovableTime()
        let calls = Counter()
        private let mode = Mutex(Mode.succeeds)

        func set(_ mode: Mode) { self.mode.withLock { $0 = mode } }

        func fetch() async throws -> AlibabaCredential {
            let number = self.calls.next()
            // Yielding lets other callers run before the service responds.
            for _ in 0..<10 { await Task.yield() }
            switch self.mode.withLock({ $0 }) {
            case .succeeds: break
            case .fails: throw Outage()
            case .hangs: try await Task.sleep(for: .seconds(3600))
            }
            return try AlibabaCredential(
                accessKeyID: "STS.\(number)",
                accessKeySecret: "secret-\(number)",
                securityToken: "token-\(number)",
                expiration: self.time.now.addingTimeInterval(3600)
            )
        }

        func provider(timeout: Duration = .seconds(60)) -> RefreshingCredentialProvider {
            RefreshingCredentialProvider(timeout: timeout, now: self.time.read) { try await self.fetch() }
        }
    }

    @Test func providerPassesTheConformanceSuite() async throws {
        let service = Service()
        let conformance = CredentialProviderConformance(
            provider: service.provider(),
            fetchCount: { service.calls.value },
            now: service.time.read,
            advance: {
                service.time.advance(by: Double($0.components.seconds) + 1e-18 * Double($0.components.attoseconds))
            }
        )
        for _ in 0..<20 { try await conformance.run() }
    }

    @Test func sixtyFourCallersMakeOneRequest() async throws {
        let service = Service()
        let provider = service.provider()
        for round in 1...50 {
            let credentials = try await withThrowingTaskGroup(of: AlibabaCredential.self) { group in
                for _ in 0..<64 { group.addTask { try await provider.credential() } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(credentials.count == 1)
            #expect(service.calls.value == round)
            service.time.advance(by: 3600)
        }
    }

    @Test func callersUseTheCurrentCredentialDuringAFetch() async throws {
        let service = Service()
        let provider = service.provider()
        let first = try await provider.credential()
        service.set(.hangs)
        service.time.advance(by: 2700)
        for _ in 0..<64 { #expect(try await provider.credential() == first) }
        #expect(try await eventually { service.calls.value == 2 })
        for _ in 0..<64 { #expect(try await provider.credential() == first) }
        #expect(service.calls.value == 2)
    }

    @Test func cancelledCallerEndsAloneAndImmediately() async throws {
        let service = Service()
        let provider = service.provider(timeout: .seconds(600))
        service.set(.hangs)
        let patient = Task { try await provider.credential() }
        #expect(try await eventually { service.calls.value == 1 })
        let impatient = (0..<100).map { _ in Task { try await provider.credential() } }
        for caller in impatient { caller.cancel() }
        for caller in impatient {
            await #expect(throws: CancellationError.self) { try await caller.value }
        }
        #expect(service.calls.value == 1)
        patient.cancel()
        await #expect(throws: CancellationError.self) { try await patient.value }
    }

    @Test func hangingFetchTimesOutAndIsRetried() async throws {
        let service = Service()
        let provider = service.provider(timeout: .seconds(1))
        service.set(.hangs)
        let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
        #expect(error?.code == .credentialUnavailable)
        service.set(.succeeds)
        service.time.advance(by: 10)
        #expect(try await provider.credential().accessKeyID == "STS.2")
    }

    @Test func failureReachesAllCallersAndIsRetried() async throws {
        let service = Service()
        let provider = service.provider()
        service.set(.fails)
        for _ in 0..<64 { await #expect(throws: Outage.self) { try await provider.credential() } }
        #expect(service.calls.value == 1)
        service.set(.succeeds)
        service.time.advance(by: 0.5)
        await #expect(throws: Outage.self) { try await provider.credential() }
        // The maximum back-off is 10 seconds.
        service.time.advance(by: 9.5)
        #expect(try await provider.credential().accessKeyID == "STS.2")
    }

    @Test func credentialSurvivesAnOutageUntilItExpires() async throws {
        let service = Service()
        let provider = service.provider()
        let first = try await provider.credential()
        service.set(.fails)
        for _ in 0..<89 {
            service.time.advance(by: 40)
            #expect(try await provider.credential() == first)
        }
        service.time.advance(by: 40)
        await #expect(throws: Outage.self) { try await provider.credential() }
    }
}
