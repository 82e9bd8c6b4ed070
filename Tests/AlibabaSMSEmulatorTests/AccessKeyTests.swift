// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Testing

@testable import AlibabaSMSEmulator

@Suite struct AccessKeyTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let role = RAMRole(name: "sender", policies: [.dysmsFullAccess])

    @Test(
        arguments: [
            (AccessPolicy.administratorAccess, "sts:AssumeRole", true),
            (.dysmsFullAccess, "dysms:SendMessageToGlobe", true),
            (.dysmsFullAccess, "sts:AssumeRole", false),
            (.dysmsReadOnlyAccess, "dysms:QueryMessage", true),
            (.dysmsReadOnlyAccess, "dysms:SendMessageToGlobe", false),
            (.stsAssumeRoleAccess, "sts:AssumeRole", true),
            (.stsAssumeRoleAccess, "sts:AssumeRoleWithOIDC", false),
            (AccessPolicy(name: "x", allowedActions: ["dysms:*ToGlobe"]), "dysms:SendMessageToGlobe", true),
            (AccessPolicy(name: "x", allowedActions: ["dysms:*ToGlobe"]), "dysms:SendMessageToGlobes", false),
            (AccessPolicy(name: "x", allowedActions: ["d*:*Message*"]), "DYSMS:queryMESSAGE", true),
            (AccessPolicy(name: "x", allowedActions: ["a*a"]), "a", false),
            (AccessPolicy(name: "x", allowedActions: []), "dysms:QueryMessage", false),
            (AccessPolicy(name: "x", allowedActions: ["*"], deniedActions: ["dysms:Send*"]), "dysms:SendX", false),
        ]
    )
    func policyAllowsActionsThatMatchItsPatterns(policy: AccessPolicy, action: String, allows: Bool) {
        #expect(policy.allows(action) == allows)
    }

    @Test func policyDocumentIsParsed() throws {
        let document = """
            {"Version":"1","Statement":[{"Effect":"Allow","Action":["dysms:*","sts:*"],"Resource":"*"},
            {"Effect":"Deny","Action":"dysms:Batch*","Resource":"*"}]}
            """
        let policy = try #require(AccessPolicy(name: "x", document: document))
        #expect(policy.allows("dysms:QueryMessage"))
        #expect(!policy.allows("dysms:BatchSendMessageToGlobe"))
        #expect(policy.denies("dysms:BatchSendMessageToGlobe"))
    }

    @Test(arguments: ["", "{}", "[]", #"{"Statement":[{"Effect":"Perhaps","Action":"*"}]}"#, #"{"Statement":[{}]}"#])
    func invalidPolicyDocumentIsRejected(document: String) {
        #expect(AccessPolicy(name: "x", document: document) == nil)
    }

    @Test func sessionPolicyRestrictsAndNeverExtendsPermissions() {
        let keys = AccessKeys()
        func key(_ policy: AccessPolicy?) -> AccessKey {
            keys.issue(Self.role, session: "s", sessionPolicy: policy, for: 900, at: Self.now)
        }
        #expect(key(nil).allows("dysms:SendMessageToGlobe"))
        #expect(!key(.dysmsReadOnlyAccess).allows("dysms:SendMessageToGlobe"))
        #expect(!key(.administratorAccess).allows("sts:AssumeRole"))
        let denying = AccessPolicy(name: "x", allowedActions: ["*"], deniedActions: ["dysms:Send*"])
        #expect(key(denying).denies("dysms:SendMessageToGlobe"))
    }

    @Test func denialOverridesOtherPolicies() throws {
        let denying = AccessPolicy(name: "x", allowedActions: [], deniedActions: ["dysms:Send*"])
        let credential = try AlibabaCredential(accessKeyID: "a", accessKeySecret: "b")
        let key = AccessKey(RAMUser(name: "u", credential: credential, policies: [.dysmsFullAccess, denying]))
        #expect(!key.allows("dysms:SendMessageToGlobe"))
        #expect(key.allows("dysms:QueryMessage"))
    }

    @Test func issuedKeyIsFoundAndExpires() {
        let keys = AccessKeys()
        let end = Self.now.addingTimeInterval(900)
        let key = keys.issue(Self.role, session: "s", for: 900, at: Self.now)
        #expect(keys.key(id: key.credential.accessKeyID) == key)
        #expect(!key.isExpired(at: end.addingTimeInterval(-1)))
        #expect(key.isExpired(at: end))
        #expect(key.principal == .role(name: "sender", session: "s"))
    }

    @Test func numberOfIssuedKeysIsBounded() {
        let keys = AccessKeys(capacity: 10)
        let first = keys.issue(Self.role, session: "s", for: 1, at: Self.now)
        for index in 0..<50 { _ = keys.issue(Self.role, session: "s", for: Double(2 + index), at: Self.now) }
        #expect(keys.rememberedCount == 10)
        #expect(keys.key(id: first.credential.accessKeyID) == nil)
    }

    @Test func inactiveKeyIsRejected() async throws {
        let user = RAMUser(name: "u", credential: try key(), policies: [.dysmsFullAccess], isActive: false)
        #expect(try await GatewayTests.send(.init(users: [user])).code == "InvalidAccessKeyId.Inactive")
    }
}
