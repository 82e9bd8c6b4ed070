// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOPosix
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import Testing

/// A service whose store can fail, with the expected behavior during and after the fault.
struct FaultBench: Sendable {
    /// The default command timeout.
    static let commandTimeout = Duration.milliseconds(300)

    /// The time after which a call or a recovery counts as hung.
    ///
    /// The time is long, because the tests do not measure speed, but count the commands of a call.
    static let hang = Duration.seconds(60)

    let configuration: RedisConfiguration
    let sms = RecordingSMSClient()
    /// The monotonic clock of the store, which never advances, so that the server's clock is not checked during a fault.
    let monotonic = ManualClock()
    let client: RedisClient
    let store: RedisOTPStore
    let otp: OTPService

    /// Creates a service with short timeouts.
    init(_ configuration: RedisConfiguration, commandTimeout: Duration) throws {
        var configuration = configuration
        configuration.commandTimeout = commandTimeout
        configuration.connectTimeout = Self.commandTimeout
        self.configuration = configuration
        // The client has only one event loop, so that the counters are about one connection.
        let group = MultiThreadedEventLoopGroup.singleton.next()
        self.client = RedisClient(configuration: configuration, eventLoopGroup: group)
        self.store = RedisOTPStore(client: self.client, clock: self.monotonic)
        self.otp = try OTPService(
            store: self.store,
            sms: self.sms,
            keys: try .test(),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme")
        )
    }

    /// Runs a closure with a service, and then closes the connections of the service.
    static func with(
        _ configuration: RedisConfiguration,
        commandTimeout: Duration = Self.commandTimeout,
        _ body: (FaultBench) async throws -> Void
    ) async throws {
        let bench = try FaultBench(configuration, commandTimeout: commandTimeout)
        do {
            try await body(bench)
        } catch {
            await bench.client.shutdown()
            throw error
        }
        await bench.client.shutdown()
    }

    // MARK: Before the fault

    /// A code that the service has sent.
    struct Issued: Sendable {
        var number: PhoneNumber
        var token: ChallengeToken
        var code: String

        /// A wrong code in the right format.
        var wrongCode: String { self.code == "000000" ? "000001" : "000000" }
    }

    /// The codes and the proof of callers at the start of the fault.
    struct Held: Sendable {
        /// A code without attempts.
        var fresh: Issued
        /// A code for which the test makes wrong attempts.
        var attempted: Issued
        /// A proof that has not been redeemed.
        var proof: VerificationProof
    }

    /// Returns a new random phone number.
    static func newNumber() -> PhoneNumber {
        // Eight digits that begin with 81 are a number of Singapore.
        PhoneNumber(e164: "+6581\(Int.random(in: 100_000...999_999))") ?? self.newNumber()
    }

    /// Sends a code to a new number.
    func issue() async throws -> Issued {
        let number = Self.newNumber()
        let challenge = try await self.otp.issue(for: number, purpose: .signIn)
        return Issued(
            number: number,
            token: challenge.token,
            code: try #require(self.sms.lastCode(to: number))
        )
    }

    /// Prepares the codes and the proof, with calls that also make the server cache every script.
    func prepare() async throws -> Held {
        let (fresh, attempted, verified, used) =
            (try await self.issue(), try await self.issue(), try await self.issue(), try await self.issue())
        let proof = try await self.verify(verified).get()
        let usedProof = try await self.verify(used).get()
        try await self.otp.redeem(usedProof.token, for: used.number, purpose: .signIn)
        #expect(await self.resend(fresh)?.code == .rateLimited)
        return Held(fresh: fresh, attempted: attempted, proof: proof)
    }

    // MARK: Calls

    func verify(_ issued: Issued, code: String? = nil) async -> Result<VerificationProof, OTPError> {
        do throws(OTPError) {
            return .success(
                try await self.otp.verify(
                    code ?? issued.code,
                    for: issued.number,
                    token: issued.token,
                    purpose: .signIn
                )
            )
        } catch {
            return .failure(error)
        }
    }

    func failureOfIssue(to number: PhoneNumber = FaultBench.newNumber()) async -> OTPError? {
        do throws(OTPError) {
            _ = try await self.otp.issue(for: number, purpose: .signIn)
            return nil
        } catch {
            return error
        }
    }

    func failureOfVerify(_ issued: Issued, code: String? = nil) async -> OTPError? {
        if case .failure(let error) = await self.verify(issued, code: code) { error } else { nil }
    }

    func resend(_ issued: Issued) async -> OTPError? {
        do throws(OTPError) {
            _ = try await self.otp.resend(for: issued.number, token: issued.token, purpose: .signIn)
            return nil
        } catch {
            return error
        }
    }

    func redeem(_ proof: VerificationProof) async -> OTPError? {
        do throws(OTPError) {
            try await self.otp.redeem(proof.token, for: proof.phoneNumber, purpose: .signIn)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Expectations

    /// Makes every call during a fault.
    ///
    /// Each call must fail with `storeUnavailable` in time, without a message.
    ///
    /// - Parameters:
    ///   - held: The codes and the proof.
    ///   - causes: The expected codes of the store's error.
    ///   - kind: The kind of the server's error; `nil` if the server does not reply with an error.
    ///   - commandsPerCall: The number of commands per call. It is 2 if the server has not cached the scripts.
    ///   - sourceLocation: The source location of the expectation.
    func expectClosed(
        _ held: Held,
        causes: Set<RedisError.Code>,
        kind: String? = nil,
        commandsPerCall: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let messages = self.sms.messages.count
        let calls: [(String, () async -> OTPError?)] = [
            ("verify", { await self.failureOfVerify(held.fresh) }),
            ("attempt", { await self.failureOfVerify(held.attempted, code: held.attempted.wrongCode) }),
            ("issue", { await self.failureOfIssue() }),
            ("resend", { await self.resend(held.fresh) }),
            ("redeem", { await self.redeem(held.proof) }),
        ]
        for (name, call) in calls {
            let commands = self.client.counters.commandsSent
            let start = ContinuousClock.now
            let error = await call()
            let elapsed = ContinuousClock.now - start
            let cause = error?.cause as? RedisError
            // A server that can still read may refuse an early resend, which is safe as well.
            if name == "resend", causes == [.server], error?.code == .rateLimited { continue }
            #expect(error?.code == .storeUnavailable, "\(name)", sourceLocation: sourceLocation)
            #expect(
                cause.map { causes.contains($0.code) } == true,
                "\(name): \(error.debugDescription)",
                sourceLocation: sourceLocation
            )
            if cause?.code == .server {
                #expect(cause?.serverErrorKind == kind, "\(name)", sourceLocation: sourceLocation)
            }
            #expect(elapsed < Self.hang, "\(name) took \(elapsed)", sourceLocation: sourceLocation)
            let sent = self.client.counters.commandsSent - commands
            #expect(sent <= commandsPerCall, "\(name) sent \(sent) commands", sourceLocation: sourceLocation)
        }
        #expect(self.sms.messages.count == messages, "a message was sent", sourceLocation: sourceLocation)
    }

    /// The effect of the calls that failed.
    enum Aftermath {
        /// No failed call has run.
        case nothingRan
        /// Each failed call may have run once; the value is the number of attempts among these calls.
        case mayHaveRun(attempts: Int)
        /// The server has lost all earlier data.
        case forgotten
    }

    /// Expects that the service recovers, and that no code or proof succeeds twice.
    ///
    /// The tests of `ReconnectBackoff` check how soon the client connects again.
    func expectRecovery(
        _ held: Held,
        _ aftermath: Aftermath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let returned = ContinuousClock.now
        // Each call uses a new number, because a failed call may have been counted.
        while await self.failureOfIssue() != nil {
            guard ContinuousClock.now - returned < Self.hang else {
                Issue.record("the service did not recover", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let verified = [await self.failureOfVerify(held.fresh)?.code, await self.failureOfVerify(held.fresh)?.code]
        let redeemed = [await self.redeem(held.proof)?.code, await self.redeem(held.proof)?.code]
        let remaining = try? await self.otp.status(for: held.attempted.number, token: held.attempted.token)
            .attemptsRemaining
        switch aftermath {
        case .nothingRan:
            #expect(verified == [nil, .expired], sourceLocation: sourceLocation)
            #expect(redeemed == [nil, .invalidProof], sourceLocation: sourceLocation)
            #expect(remaining == 5, sourceLocation: sourceLocation)
        case .mayHaveRun(let attempts):
            #expect(verified == [nil, .expired] || verified == [.expired, .expired], sourceLocation: sourceLocation)
            #expect(redeemed.dropFirst() == [.invalidProof], sourceLocation: sourceLocation)
            #expect((5 - attempts...5).contains(try #require(remaining)), sourceLocation: sourceLocation)
        case .forgotten:
            #expect(verified == [.expired, .expired], sourceLocation: sourceLocation)
            #expect(remaining == nil, sourceLocation: sourceLocation)
        }
        // The service works for new callers.
        let next = try await self.issue()
        #expect(await self.failureOfVerify(next, code: next.wrongCode)?.code == .incorrectCode)
        #expect(await self.failureOfVerify(next) == nil)
        #expect(await self.failureOfVerify(next)?.code == .expired)
    }
}
