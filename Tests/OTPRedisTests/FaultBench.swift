import Hiredis
import NIOPosix
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import Testing

/// A service whose store is about to fail, and what must hold while it does and afterwards.
struct FaultBench: Sendable {
    /// How long a command may take.
    static let commandTimeout = Duration.milliseconds(300)

    /// How long a caller may wait: a command, perhaps one more for a forgotten script, and a margin for a busy machine.
    static let longestWait = Duration.milliseconds(2_500)

    let configuration: RedisConfiguration
    let sms = RecordingSMSClient()
    let client: RedisClient
    let otp: OTPService

    /// Creates a service with short timeouts.
    init(_ configuration: RedisConfiguration, commandTimeout: Duration) throws {
        var configuration = configuration
        configuration.commandTimeout = commandTimeout
        configuration.connectTimeout = Self.commandTimeout
        self.configuration = configuration
        // One event loop, so that the counters speak of one connection.
        let group = MultiThreadedEventLoopGroup.singleton.next()
        self.client = RedisClient(configuration: configuration, eventLoopGroup: group)
        self.otp = try OTPService(
            store: RedisOTPStore(client: self.client),
            sms: self.sms,
            keys: try .test(),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme")
        )
    }

    /// Runs a closure with a service, and closes its connections in every case.
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

    /// A code that was sent.
    struct Issued: Sendable {
        var number: PhoneNumber
        var token: ChallengeToken
        var code: String

        /// A code of the right form that is not the right one.
        var wrongCode: String { self.code == "000000" ? "000001" : "000000" }
    }

    /// What callers hold when the fault comes.
    struct Held: Sendable {
        /// A code nobody has typed yet.
        var fresh: Issued
        /// A code that is guessed at.
        var guessed: Issued
        /// A proof that nobody has redeemed yet.
        var proof: VerificationProof
    }

    /// A number that nothing is known of.
    static func newNumber() -> PhoneNumber {
        // A number of eight digits with 81 in front is one of Singapore.
        PhoneNumber(e164: "+6581\(Int.random(in: 100_000...999_999))") ?? self.newNumber()
    }

    /// Sends a code to a new number.
    func issue() async throws -> Issued {
        let number = Self.newNumber()
        let challenge = try await self.otp.issue(to: number, purpose: .signIn)
        return Issued(
            number: number,
            token: try #require(challenge.token),
            code: try #require(self.sms.lastCode(to: number))
        )
    }

    /// Prepares what callers hold; every script has run once then, and the server knows it.
    func prepare() async throws -> Held {
        let (fresh, guessed, verified, used) =
            (try await self.issue(), try await self.issue(), try await self.issue(), try await self.issue())
        let proof = try await self.verify(verified).get()
        let usedProof = try await self.verify(used).get()
        try await self.otp.redeem(usedProof.token, for: used.number, purpose: .signIn)
        #expect(await self.resend(fresh)?.code == .rateLimited)
        return Held(fresh: fresh, guessed: guessed, proof: proof)
    }

    // MARK: What callers do

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
            _ = try await self.otp.issue(to: number, purpose: .signIn)
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
            _ = try await self.otp.resend(to: issued.number, token: issued.token, purpose: .signIn)
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

    // MARK: What must hold

    /// Calls everything during a fault: all must say `storeUnavailable` in time, and nothing may be sent or sent again.
    ///
    /// - Parameters:
    ///   - held: What callers hold.
    ///   - causes: The codes that the store's own error may have.
    ///   - kind: The kind of the server's error, if it answers with one.
    ///   - commandsPerCall: How many commands a call may cost; 2 where the server does not know the scripts.
    ///   - sourceLocation: Where it is expected.
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
            ("attempt", { await self.failureOfVerify(held.guessed, code: held.guessed.wrongCode) }),
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
            // A server that still reads may say no to a resend that comes too early: that opens nothing either.
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
            #expect(elapsed < Self.longestWait, "\(name) took \(elapsed)", sourceLocation: sourceLocation)
            let sent = self.client.counters.commandsSent - commands
            #expect(sent <= commandsPerCall, "\(name) sent \(sent) commands", sourceLocation: sourceLocation)
        }
        #expect(self.sms.messages.count == messages, "a message was sent", sourceLocation: sourceLocation)
    }

    /// What became of the calls that failed.
    enum Aftermath {
        /// Not one of them ran.
        case nothingRan
        /// Any of them may have run, once; so many of them were attempts.
        case mayHaveRun(guesses: Int)
        /// The server knows nothing of what was before.
        case forgotten
    }

    /// Expects the service to come back by itself within two seconds, and no success to be doubled.
    func expectRecovery(
        _ held: Held,
        _ aftermath: Aftermath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let returned = ContinuousClock.now
        // Each time another number: an attempt that failed may have been counted.
        while await self.failureOfIssue() != nil {
            guard ContinuousClock.now - returned < .seconds(2) else {
                Issue.record("it did not come back within 2 s", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let verified = [await self.failureOfVerify(held.fresh)?.code, await self.failureOfVerify(held.fresh)?.code]
        let redeemed = [await self.redeem(held.proof)?.code, await self.redeem(held.proof)?.code]
        let remaining = try? await self.otp.status(of: held.guessed.number, token: held.guessed.token)
            .attemptsRemaining
        switch aftermath {
        case .nothingRan:
            #expect(verified == [nil, .expired], sourceLocation: sourceLocation)
            #expect(redeemed == [nil, .invalidProof], sourceLocation: sourceLocation)
            #expect(remaining == 5, sourceLocation: sourceLocation)
        case .mayHaveRun(let guesses):
            #expect(verified == [nil, .expired] || verified == [.expired, .expired], sourceLocation: sourceLocation)
            #expect(redeemed.dropFirst() == [.invalidProof], sourceLocation: sourceLocation)
            #expect((5 - guesses...5).contains(try #require(remaining)), sourceLocation: sourceLocation)
        case .forgotten:
            #expect(verified == [.expired, .expired], sourceLocation: sourceLocation)
            #expect(remaining == nil, sourceLocation: sourceLocation)
        }
        // And all is as it was for whoever comes now.
        let next = try await self.issue()
        #expect(await self.failureOfVerify(next, code: next.wrongCode)?.code == .incorrectCode)
        #expect(await self.failureOfVerify(next) == nil)
        #expect(await self.failureOfVerify(next)?.code == .expired)
    }
}
