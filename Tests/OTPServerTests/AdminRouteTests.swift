// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import InMemoryLogging
import JSONOutput
import Logging
import NIOHTTP1
import OTP
import OTPRedis
import OTPRedisTesting
import OTPTesting
import SMSKit
import SendGuard
import StrictJSON
import Testing

@testable import OTPServer

/// Tests of the operator routes.
@Suite(.timeLimit(.minutes(3))) struct AdminRouteTests {
    /// An audit stream that accepts no event.
    private struct BrokenHistory: AuditHistory {
        struct Failure: Error {}

        func record(_ events: [AuditEvent]) async throws { throw Failure() }

        func newest(_ count: Int, where isWanted: @Sendable (AuditEvent) -> Bool) async throws -> [AuditEvent] {
            throw Failure()
        }
    }

    @Test(arguments: AdminOperation.allCases)
    func onlyAnAdminKeyWithoutTenantIsAccepted(operation: AdminOperation) async throws {
        let tenant = TestServer.Keys.generate("tenant", [.admin], tenant: "default")
        let keys = [tenant, TestServer.key.admin, TestServer.key.both].map(\.key.entry).joined(separator: ",")
        try await AdminServer.run(keys: try APIKeyRing(text: keys)) { admin async throws in
            #expect(try await admin.post(operation, key: nil).summary == "401 unauthorized")
            #expect(try await admin.post(operation, key: "ak1.admin.x").summary == "401 unauthorized")
            #expect(try await admin.post(operation, key: TestServer.key.both.text).summary == "403 forbidden")
            #expect(try await admin.post(operation, key: tenant.text).summary == "403 forbidden")
            #expect(try await admin.events().isEmpty)
            let reply = try await admin.post(operation)
            let summary = operation == .explainDecision ? "404 unknown-decision" : "\(operation.success.code) -"
            #expect(reply.summary == summary)
            #expect(reply.headers.first(name: "cache-control") == "no-store")
        }
    }

    @Test(arguments: AdminOperation.allCases)
    func malformedBodyIsRejected(operation: AdminOperation) async throws {
        try await AdminServer.run { admin async throws in
            let good = try #require(AdminServer.bodies[operation]).dropLast()
            let separator = good == "{" ? "" : ","
            let bodies = [
                "", "[]", "null", "{", "\(good)\(separator)\"more\":1}", "\(good)} x",
                "\(good)\(separator)\"client\":{}}",
            ]
            for body in bodies {
                #expect(try await admin.post(operation, body).summary == "400 invalid-request", "\(body)")
            }
            for member in operation.required {
                let reply = try await admin.post(operation, "{}")
                #expect(reply.summary == "400 invalid-request" && reply["detail"]?.contains("missing") == true)
                let twice = "\(good),\"\(member.rawValue)\":\"on\"}"
                #expect(try await admin.post(operation, twice).summary == "400 invalid-request", "\(twice)")
            }
            let large = "{\"number\":\"\(String(repeating: "1", count: 5_000))\"}"
            #expect(try await admin.post(operation, large).summary == "413 content-too-large")
            let path = operation.path + "?number=91234567"
            let headers = [
                ("authorization", "Bearer \(TestServer.key.admin.text)"), ("content-type", "application/json"),
            ]
            #expect(try await admin.server.send(.POST, path, headers).summary == "400 invalid-request")
            let text = [headers[0], ("content-type", "text/plain")]
            #expect(try await admin.server.send(.POST, operation.path, text).summary == "415 unsupported-media-type")
            #expect(try await admin.events().isEmpty)
        }
    }

    @Test(arguments: [
        (AdminOperation.guardStatus, #"{"tenants":"a"}"#, "400 invalid-request"),
        (.guardStatus, #"{"tenants":[1]}"#, "400 invalid-request"),
        (
            .guardStatus, "{\"purposes\":[\(Array(repeating: "\"a\"", count: 21).joined(separator: ","))]}",
            "400 invalid-request"
        ),
        (.guardReport, #"{"days":0}"#, "400 invalid-request"), (.guardReport, #"{"days":33}"#, "400 invalid-request"),
        (.guardReport, #"{"days":"1"}"#, "400 invalid-request"),
        (.guardReport, #"{"days":1.5}"#, "400 invalid-request"),
        (.guardReport, #"{"blocks":1001}"#, "400 invalid-request"),
        (.guardReport, #"{"blocks":99999999999999999999}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"ON"}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":true}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"on","seconds":0}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"on","seconds":31536001}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"off","seconds":60}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"on","region":"UK"}"#, "400 invalid-request"),
        (.guardLockdown, #"{"state":"on","region":null}"#, "400 invalid-request"),
        (.guardSet, #"{"rule":"unverified-block","mode":"BLOCK"}"#, "400 invalid-request"),
        (.guardSet, #"{"rule":"unverified-block","mode":0}"#, "400 invalid-request"),
        (.guardSet, #"{"rule":"unknown","mode":"block"}"#, "422 unknown-rule"),
        (.guardSet, #"{"rule":"money-block","mode":"block"}"#, "422 unknown-rule"),
        (.explainNumber, #"{"number":"+65"}"#, "400 invalid-number"),
        (.explainNumber, #"{"number":"+6591234567","address":"300.1.1.1"}"#, "400 invalid-request"),
        (.unlock, #"{"number":"1"}"#, "400 invalid-number"), (.revoke, #"{"number":"1"}"#, "400 invalid-number"),
        (.unlock, #"{"number":1}"#, "400 invalid-request"),
        (.explainDecision, #"{"decision":"x"}"#, "400 invalid-request"),
        (.explainDecision, #"{"decision":"AAAAAAAAAAAAAAAAAAAAAA"}"#, "404 unknown-decision"),
    ])
    func invalidValueIsRejected(operation: AdminOperation, body: String, summary: String) async throws {
        try await AdminServer.run { admin async throws in
            #expect(try await admin.post(operation, body).summary == summary)
            #expect(try await admin.events().isEmpty)
        }
    }

    @Test func lockdownRefusesSendsAndNamesTheKey() async throws {
        try await AdminServer.run { admin async throws in
            let on = try await admin.post(.guardLockdown, #"{"state":"on","seconds":7200}"#)
            #expect(on.status == 200 && on["lockdown"] == "on" && on.json?["seconds"]?.int64 == 7_200)
            #expect(on.json?["warning"] == nil)
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#
            #expect(try await admin.server.post("issue", body).summary == "429 blocked")
            let status = try await admin.post(.guardStatus)
            #expect(status.json?["lockdowns"]?.array?.first?["rule"]?.string == "lockdown-service")
            #expect(try await admin.post(.guardLockdown, #"{"state":"off"}"#)["lockdown"] == "off")
            #expect(try await admin.server.post("issue", body).status == 201)
            let region = try await admin.post(.guardLockdown, #"{"state":"on","region":"SG"}"#)
            #expect(region["region"] == "SG" && region.json?["seconds"]?.int64 == 86_400)
            #expect(try await admin.server.post("issue", body).summary == "429 blocked")
            let events = try await admin.events()
            #expect(events.map(\.kind) == [.lockdown, .lockdown, .lockdown])
            #expect(events.map { $0[.outcome] } == ["on", "off", "on"])
            #expect(events.map { $0[.region] } == ["SG", nil, nil])
            #expect(events.allSatisfy { $0[.operatorName] == "api-key:admin" })
        }
    }

    @Test func lockdownThatRefusesNothingHasAWarning() async throws {
        try await AdminServer.run { admin async throws in
            let set = try await admin.post(.guardSet, #"{"rule":"lockdown-service","mode":"monitor"}"#)
            #expect(set.status == 200)
            let on = try await admin.post(.guardLockdown, #"{"state":"on"}"#)
            #expect(on["warning"] == "lockdown-service is monitor, so it refuses no send")
        }
    }

    @Test func modeIsSetAndResetAndNamesTheKey() async throws {
        try await AdminServer.run { admin async throws in
            let set = try await admin.post(.guardSet, #"{"rule":"unverified-block","mode":"monitor"}"#)
            #expect(set.status == 200 && set["mode"] == "monitor" && set["rule"] == "unverified-block")
            func mode() async throws -> String? {
                let rules = try await admin.post(.guardStatus).json?["rules"]?.array
                return rules?.first { $0["rule"]?.string == "unverified-block" }?["mode"]?.string
            }
            #expect(try await mode() == "monitor")
            let reset = try await admin.post(.guardSet, #"{"rule":"unverified-block","mode":"policy"}"#)
            #expect(try await mode() == reset["policyMode"] && reset["mode"] == reset["policyMode"])
            let events = try await admin.events()
            #expect(events.map(\.kind) == [.mode, .mode])
            #expect(events.last?[.rule] == "unverified-block" && events.last?[.outcome] == "monitor")
            #expect(events.allSatisfy { $0[.operatorName] == "api-key:admin" })
        }
    }

    @Test func statusIncludesTheNamedTenants() async throws {
        try await AdminServer.run { admin async throws in
            _ = try await admin.server.issue()
            let body = #"{"tenants":["default"],"purposes":["sign-in"]}"#
            let budgets = try await admin.post(.guardStatus, body).json?["budgets"]?.array ?? []
            #expect(budgets.contains { $0["name"]?.string == "default" && $0["used"]?.int64 == 1 })
        }
    }

    @Test func reportCountsSendsWithoutFullNumbers() async throws {
        let ledger = InMemorySendLedger()
        let hash = try KeyRing(text: KeyRing.makeText()).scopeHash
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000))
        let sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: hash)
        let number = try #require(PhoneNumber(e164: TestServer.number))
        let request = SendRequest(number: number, tenant: "default", purpose: "sign-in", source: nil)
        _ = try await sendGuard.reserve(request)
        try await sendGuard.record([sendGuard.outcome(.verified, of: request)])
        await sendGuard.flushReport()
        try await AdminServer.run(ledger: ledger) { admin async throws in
            let reply = try await admin.post(.guardReport, #"{"days":7}"#)
            #expect(reply.json?["sent"]?.int64 == 1 && reply.json?["verified"]?.int64 == 1)
            #expect(reply.json?["blocks"]?.array?.first?["name"]?.string == "+65912*****")
            let none = try await admin.post(.guardReport, #"{"blocks":0}"#)
            #expect(none.json?["blocks"]?.array?.isEmpty == true)
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("91234567"))
        }
    }

    @Test func explanationHasTheLimitsOfTheMaskedNumber() async throws {
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            try await AdminServer.run(store: store, policy: { $0.deviceLane = DeviceLane() }) { admin async throws in
                let before = try await admin.post(.explainNumber)
                #expect(
                    before.json?["limits"]?.array?.isEmpty == true && before.json?["rules"]?.array?.isEmpty == false
                )
                _ = try await admin.server.issue()
                let body = #"{"number":"\#(TestServer.number)","address":"192.0.2.1","purpose":"sign-in"}"#
                let reply = try await admin.post(.explainNumber, body)
                #expect(reply.status == 200 && reply["to"] == "+65****67")
                let sends = reply.json?["limits"]?.array?.first { $0["name"]?.string == "sends" }
                #expect(sends?["used"]?.int64 == 1)
                #expect(reply.json?["deviceLimits"]?.array?.isEmpty == false)
                let rules = reply.json?["rules"]?.array?.compactMap { $0["rule"]?.string } ?? []
                #expect(rules.contains("unverified-source") && rules.contains("unverified-block"))
                #expect(!String(decoding: reply.body, as: UTF8.self).contains("91234567"))
            }
            await store.shutdown()
        }
    }

    @Test func decisionIsExplainedByItsEvents() async throws {
        let audit = InMemoryAuditHistory()
        try await AdminServer.run(audit: audit, hasTrail: true) { admin async throws in
            _ = try await admin.server.issue()
            var id: String?
            // The trail writes in the background.
            while id == nil {
                await Task.yield()
                id = try await audit.newest(1) { $0.kind == .decision }.first?[.decision]
            }
            let reply = try await admin.post(.explainDecision, #"{"decision":"\#(try #require(id))"}"#)
            let event = reply.json?["events"]?.array?.first
            #expect(event?["kind"]?.string == "decision" && event?["values"]?["outcome"]?.string == "allow")
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("91234567"))
        }
    }

    /// The audit trail of a service.
    enum Trail: CaseIterable {
        case none, stream, webhooks
    }

    /// An audit sink that stores nothing.
    private struct Observer: AuditSink {
        func record(_ events: [AuditEvent]) async throws {}
    }

    @Test(arguments: Trail.allCases)
    func unlockAndRevokeNameTheKeyOnce(trail: Trail) async throws {
        let observer: Observer? = trail == .webhooks ? Observer() : nil
        let audit = InMemoryAuditHistory()
        let limit = { (policy: inout OTPPolicy) in policy.limits.failures = [WindowLimit(1, per: .seconds(3600))] }
        try await AdminServer.run(
            audit: audit,
            hasTrail: trail == .stream,
            observer: observer,
            policy: limit
        ) { admin async throws in
            let token = try await admin.server.issue()
            let code = try #require(admin.server.code)
            #expect(try await admin.server.check(wrong(code), token).summary == "422 incorrect-code")
            #expect(try await admin.server.check(code, token).summary == "429 locked")
            #expect(try await admin.post(.unlock).status == 204)
            #expect(try await admin.server.check(code, token).status == 200)
            #expect(try await admin.post(.revoke).status == 204)
        }
        let events = try await audit.newest(100) { $0[.operatorName] != nil }
        #expect(events.map(\.kind).sorted { $0.rawValue < $1.rawValue } == [.revoke, .unlock])
        #expect(events.allSatisfy { $0[.operatorName] == "api-key:admin" && $0[.number] == "+65****67" })
        #expect(events.first { $0.kind == .revoke }?[.reason] == "devices")
    }

    @Test func withoutAGuardItsRoutesAreAProblem() async throws {
        try await AdminServer.run(ledger: nil) { admin async throws in
            for operation in AdminOperation.allCases {
                let reply = try await admin.post(operation)
                #expect((reply.summary == "404 no-guard") == operation.needsGuard, "\(operation)")
            }
            #expect(try await admin.post(.explainNumber).json?["rules"]?.array?.isEmpty == true)
        }
    }

    @Test func thereIsNoChangeWithoutAnEvent() async throws {
        try await AdminServer.run(audit: BrokenHistory()) { admin async throws in
            #expect(try await admin.post(.guardLockdown, #"{"state":"on"}"#).summary == "503 unavailable")
            let set = #"{"rule":"unverified-block","mode":"off"}"#
            #expect(try await admin.post(.guardSet, set).summary == "503 unavailable")
            #expect(try await admin.post(.unlock).summary == "503 unavailable")
            #expect(try await admin.post(.revoke).summary == "503 unavailable")
            let status = try await admin.post(.guardStatus)
            #expect(status.json?["lockdowns"]?.array?.isEmpty == true)
            #expect(status.json?["rules"]?.array?.allSatisfy { $0["policyMode"] == nil } == true)
        }
    }

    /// An audit trail that only sends webhooks must not replace the write to the stream.
    @Test func withWebhooksThereIsNoUnlockWithoutAnEvent() async throws {
        let limit = { (policy: inout OTPPolicy) in policy.limits.failures = [WindowLimit(1, per: .seconds(3600))] }
        try await AdminServer.run(
            audit: BrokenHistory(),
            observer: Observer(),
            policy: limit
        ) { admin async throws in
            let token = try await admin.server.issue()
            let code = try #require(admin.server.code)
            #expect(try await admin.server.check(wrong(code), token).summary == "422 incorrect-code")
            #expect(try await admin.post(.unlock).summary == "503 unavailable")
            #expect(try await admin.post(.revoke).summary == "503 unavailable")
            #expect(try await admin.server.check(code, token).summary == "429 locked")
        }
    }

    @Test func outageOfRedisIsA503OnEachRoute() async throws {
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            let ledger = try RedisSendLedger(configuration: redis.configuration)
            let audit = try RedisAuditStream(configuration: redis.configuration)
            try await AdminServer.run(store: store, ledger: ledger, audit: audit) { admin async throws in
                #expect(try await admin.post(.guardLockdown).status == 200)
                try await redis.stop()
                for operation in AdminOperation.allCases {
                    let reply = try await admin.post(operation)
                    #expect(reply.summary == "503 unavailable", "\(operation)")
                    #expect(reply.headers.first(name: "retry-after") == "5", "\(operation)")
                }
            }
            await store.shutdown()
            await ledger.shutdown()
            await audit.shutdown()
        }
    }

    @Test func logsContainNoNumberAndNoKey() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        try await AdminServer.run(audit: BrokenHistory(), logger: logger) { admin async throws in
            for operation in AdminOperation.allCases { _ = try await admin.post(operation) }
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(!handler.entries.isEmpty)
        #expect(!log.contains("91234567") && !log.contains(TestServer.key.admin.text))
    }
}
