// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AlibabaSMS

@Suite struct RefreshStateTests {
    struct Outage: Error {}

    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    static func credential(_ id: String = "a", lifetime: TimeInterval? = 3600, at: Date = start) throws
        -> AlibabaCredential
    {
        try AlibabaCredential(
            accessKeyID: id,
            accessKeySecret: "s",
            securityToken: "t",
            expiration: lifetime.map { at.addingTimeInterval($0) }
        )
    }

    /// Requests a credential from the state, and returns a description of the result.
    static func ask(_ state: inout RefreshState, after seconds: TimeInterval) -> String {
        let (response, mustFetch) = state.request(at: self.start.addingTimeInterval(seconds))
        let words =
            switch response {
            case .use(let credential): "use \(credential.accessKeyID)"
            case .fail: "fail"
            case .wait: "wait"
            }
        return mustFetch ? "\(words), fetch" : words
    }

    static func state(lifetime: TimeInterval?) throws -> RefreshState {
        var state = RefreshState()
        _ = self.ask(&state, after: 0)
        state.finish(.success(try self.credential(lifetime: lifetime)), at: self.start, backOff: 5)
        return state
    }

    static func finish(
        _ state: inout RefreshState,
        after seconds: TimeInterval,
        _ result: AlibabaCredential?,
        backOff: TimeInterval = 5
    ) {
        let time = self.start.addingTimeInterval(seconds)
        state.finish(result.map { .success($0) } ?? .failure(Outage()), at: time, backOff: backOff)
    }

    @Test func firstCallerFetchesAndAllWait() {
        var state = RefreshState()
        #expect(Self.ask(&state, after: 0) == "wait, fetch")
        #expect(Self.ask(&state, after: 0) == "wait")
        #expect(Self.ask(&state, after: 100) == "wait")
    }

    @Test func hourlyCredentialIsRefreshedFifteenMinutesBeforeItExpires() throws {
        var state = try Self.state(lifetime: 3600)
        #expect(Self.ask(&state, after: 0) == "use a")
        #expect(Self.ask(&state, after: 2699) == "use a")
        #expect(Self.ask(&state, after: 2700) == "use a, fetch")
        #expect(Self.ask(&state, after: 2700) == "use a")
        #expect(Self.ask(&state, after: 3539) == "use a")
        #expect(Self.ask(&state, after: 3540) == "wait")
    }

    @Test(arguments: [(900.0, 450.0), (1200, 600), (1800, 900), (7200, 6300)])
    func shortLifetimeIsRefreshedAfterHalf(lifetime: TimeInterval, refresh: TimeInterval) throws {
        var state = try Self.state(lifetime: lifetime)
        #expect(Self.ask(&state, after: refresh - 1) == "use a")
        #expect(Self.ask(&state, after: refresh) == "use a, fetch")
    }

    @Test func credentialWithoutExpirationIsKept() throws {
        var state = try Self.state(lifetime: nil)
        #expect(Self.ask(&state, after: 1e9) == "use a")
    }

    @Test func failedFetchKeepsTheCredentialAndBacksOff() throws {
        var state = try Self.state(lifetime: 3600)
        #expect(Self.ask(&state, after: 2700) == "use a, fetch")
        Self.finish(&state, after: 2701, nil, backOff: 5)
        #expect(Self.ask(&state, after: 2705) == "use a")
        #expect(Self.ask(&state, after: 2706) == "use a, fetch")
        Self.finish(&state, after: 3590, nil, backOff: 15)
        #expect(Self.ask(&state, after: 3599) == "use a")
        #expect(Self.ask(&state, after: 3600) == "fail")
        #expect(Self.ask(&state, after: 3604) == "fail")
        #expect(Self.ask(&state, after: 3605) == "wait, fetch")
        Self.finish(
            &state,
            after: 3606,
            try Self.credential("b", lifetime: 3600, at: Self.start.addingTimeInterval(3606))
        )
        #expect(Self.ask(&state, after: 3607) == "use b")
    }

    @Test func settingTheClockBackEndsTheBackOff() {
        var state = RefreshState()
        #expect(Self.ask(&state, after: 1000) == "wait, fetch")
        Self.finish(&state, after: 1000, nil)
        #expect(Self.ask(&state, after: 1001) == "fail")
        #expect(Self.ask(&state, after: 0) == "wait, fetch")
    }

    @Test func expiredCredentialIsAFailure() throws {
        var state = try Self.state(lifetime: 3600)
        #expect(Self.ask(&state, after: 2700) == "use a, fetch")
        Self.finish(&state, after: 2700, try Self.credential("b", lifetime: 2700))
        #expect(Self.ask(&state, after: 2701) == "use a")
        #expect(Self.ask(&state, after: 3600) == "wait, fetch")
        Self.finish(&state, after: 3600, try Self.credential("b", lifetime: 2700))
        guard case .fail(let error) = state.outcome(at: Self.start.addingTimeInterval(3600)) else {
            Issue.record("it did not fail")
            return
        }
        #expect((error as? AlibabaSMSError)?.code == .credentialUnavailable)
    }

    @Test func onlyTheCurrentCredentialCanBeInvalidated() throws {
        var state = try Self.state(lifetime: 3600)
        state.invalidate(try Self.credential("b"))
        #expect(Self.ask(&state, after: 1) == "use a")
        state.invalidate(try Self.credential("a"))
        #expect(Self.ask(&state, after: 2) == "wait, fetch")
        state.invalidate(try Self.credential("a"))
        #expect(Self.ask(&state, after: 2) == "wait")
    }
}
