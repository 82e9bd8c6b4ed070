// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import JSONOutput
import OTP
import OTPRedis
import OTPRedisTesting
import OTPTesting
import SendGuard
import StrictJSON
import Testing

@testable import OTPServer

/// Tests that the OpenAPI document describes the bodies of the operator routes.
@Suite(.timeLimit(.minutes(2))) struct AdminOpenAPITests {
    private static func document() throws -> JSON { try JSON(parsing: OpenAPIDocument.bytes, rules: .ownFormat) }

    private static func operation(_ operation: AdminOperation) throws -> JSON? {
        try Self.document()["paths"]?[operation.path]?["post"]
    }

    /// Returns the places in a value that contradict a schema.
    private static func faults(_ value: JSON, _ schema: JSON?, _ document: JSON, at place: String = "") -> [String] {
        if let name = schema?["$ref"]?.string?.split(separator: "/").last {
            return self.faults(value, document["components"]?["schemas"]?[String(name)], document, at: place)
        }
        switch (schema?["type"]?.string, value) {
        case ("string", .string), ("integer", .number), ("boolean", .bool): return []
        case ("array", .array(let elements)):
            return elements.flatMap { self.faults($0, schema?["items"], document, at: place + "[]") }
        case ("object", .object(let members)):
            let missing = (schema?["required"]?.strings ?? []).filter { members[$0] == nil }
            return missing.map { "\(place).\($0) is missing" }
                + members.flatMap { name, value in
                    let rest = schema?["additionalProperties"]
                    let member = schema?["properties"]?[name] ?? (rest?.bool == false ? nil : rest)
                    return self.faults(value, member, document, at: "\(place).\(name)")
                }
        default: return ["\(place) has an undocumented kind or name"]
        }
    }

    @Test(arguments: AdminOperation.allCases)
    func bodyAndStatusesAreThoseOfTheTable(operation: AdminOperation) throws {
        let document = try #require(try Self.operation(operation))
        let body = document["requestBody"]?["content"]?["application/json"]?["schema"]
        #expect(Set(body?["required"]?.strings ?? []) == Set(operation.required.map(\.rawValue)))
        #expect(body?["additionalProperties"]?.bool == false)
        let names = (operation.required + operation.optional).map(\.rawValue)
        #expect(body?["properties"]?.object.map { Set($0.keys) } == Set(names))
        let statuses = (AdminOperation.commonProblems + operation.problems).map(\.status) + [operation.success.code]
        let responses = try #require(document["responses"]?.object)
        #expect(Set(responses.keys) == Set(statuses.map { "\($0)" }))
        for status in ["429", "503"] { #expect(responses[status]?["headers"]?["Retry-After"] != nil) }
    }

    @Test func everyMemberIsUsedByAnOperation() {
        let used = Set(AdminOperation.allCases.flatMap { $0.required + $0.optional })
        #expect(used == Set(AdminMember.allCases))
    }

    @Test func responsesHaveTheDocumentedMembers() async throws {
        let document = try Self.document()
        func check(_ reply: Reply, _ operation: AdminOperation) throws {
            let content = try Self.operation(operation)?["responses"]?["200"]?["content"]
            let faults = Self.faults(try #require(reply.json), content?["application/json"]?["schema"], document)
            #expect(reply.status == 200 && faults.isEmpty, "\(operation): \(faults)")
        }
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            let ledger = try RedisSendLedger(configuration: redis.configuration)
            let audit = InMemoryAuditHistory()
            try await AdminServer.run(store: store, ledger: ledger, audit: audit, hasTrail: true) {
                admin async throws in
                for number in 0..<20 {
                    let body = #"{"number":"+65912340\#(number + 10)","purpose":"sign-in"}"#
                    _ = try await admin.server.post("issue", body)
                }
                var id: String?
                while id == nil {
                    await Task.yield()
                    id = try await audit.newest(1) { $0.kind == .decision }.first?[.decision]
                }
                try check(await admin.post(.explainDecision, #"{"decision":"\#(id ?? "")"}"#), .explainDecision)
                try check(await admin.post(.explainNumber, #"{"number":"+6591234010"}"#), .explainNumber)
                for body in [#"{"state":"on"}"#, #"{"state":"off"}"#, #"{"state":"on","region":"SG"}"#] {
                    try check(await admin.post(.guardLockdown, body), .guardLockdown)
                }
                try check(await admin.post(.guardSet), .guardSet)
                try check(await admin.post(.guardSet, #"{"rule":"unverified-block","mode":"off"}"#), .guardSet)
                try check(await admin.post(.guardStatus, #"{"tenants":["default"]}"#), .guardStatus)
            }
            try await AdminServer.run(ledger: ledger) { admin async throws in
                let report = try await admin.post(.guardReport)
                try check(report, .guardReport)
                #expect(
                    report.json?["rules"]?.array?.isEmpty == false && report.json?["regions"]?.array?.isEmpty == false
                )
            }
            await store.shutdown()
            await ledger.shutdown()
        }
    }
}
