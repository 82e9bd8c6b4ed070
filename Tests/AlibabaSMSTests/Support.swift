// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Deadlines
import Foundation
import OTPTesting
import SMSKit
import Synchronization
import Testing

@testable import AlibabaSMS

/// A thread-safe counter.
final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { self.state.withLock { $0 } }

    @discardableResult
    func next() -> Int {
        self.state.withLock { value in
            value += 1
            return value
        }
    }
}

enum Fixture {
    static let text = "Your code is 824719. Don't share it! 你好 😀 100% ~*"
    static let secret = "s3cret-Of-The-Tests"

    static func number() throws -> PhoneNumber { try #require(PhoneNumber(e164: "+6591234567")) }

    static func credential(secret: String = Fixture.secret, token: String? = nil) throws -> AlibabaCredential {
        try AlibabaCredential(accessKeyID: "LTAI-test", accessKeySecret: secret, securityToken: token)
    }

    static func message() throws -> SMSMessage {
        SMSMessage(
            to: try Self.number(),
            text: Self.text,
            category: .oneTimePassword,
            validity: .seconds(300),
            dispatchID: "d-1"
        )
    }
}

/// Runs a closure with a client, and then shuts down the client's HTTP client.
///
/// A request that ends early sets no deadline. If back-offs and deadlines use the same clock, the number of sleeping tasks
/// therefore depends on the speed of the machine. With another clock in `deadlines`, only back-offs sleep on `clock`.
func withClient<Result: Sendable>(
    _ endpoint: String,
    credential: AlibabaCredential? = nil,
    configure: (inout AlibabaSMSConfiguration) -> Void = { _ in },
    now: @escaping @Sendable () -> Date = { Date() },
    nonce: @escaping @Sendable () -> String = { UUID().uuidString },
    credentials: (any CredentialProvider)? = nil,
    clock: any Clock<Duration> = ContinuousClock(),
    deadlines: ManualClock? = nil,
    _ body: (AlibabaSMSClient) async throws -> Result
) async throws -> Result {
    var configuration = AlibabaSMSConfiguration(endpoint: endpoint, senderID: "Alicloud321")
    configure(&configuration)
    let provider: any CredentialProvider = try credentials ?? .static(credential ?? Fixture.credential())
    let httpClient = try AlibabaHTTPClient(configuration)
    return try await closing(with: httpClient.shutdown) {
        var client = try AlibabaSMSClient(
            configuration: configuration,
            credentials: provider,
            httpClient: httpClient,
            ownsHTTPClient: false,
            now: now,
            nonce: nonce,
            clock: clock
        )
        if let deadlines { client.clock = CallClock(clock, timers: Timers(clock: deadlines)) }
        return try await body(client)
    }
}

/// Runs a closure, and then closes its resources, even if the closure throws.
func closing<Result>(
    with close: () async throws -> Void,
    after body: () async throws -> Result
) async throws -> Result {
    do {
        let result = try await body()
        try await close()
        return result
    } catch {
        try? await close()
        throw error
    }
}

extension SMSSendOutcome {
    var error: SMSError? {
        switch self {
        case .accepted: nil
        case .rejected(let error), .unknown(let error): error
        }
    }

    var isAccepted: Bool { if case .accepted = self { true } else { false } }

    var isRejected: Bool { if case .rejected = self { true } else { false } }

    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
