// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import SendGuard
import Testing

@testable import OTPEnvironment

/// Tests of the guard's policy in the variable `OTP_GUARD`.
struct GuardFileTests {
    private static func settings(_ json: String, _ changes: [String: String?] = [:]) -> OTPSettings {
        Environment.settings(changes.merging(["OTP_GUARD": json]) { $1 })
    }

    private static func policy(_ json: String, _ changes: [String: String?] = [:]) throws -> GuardPolicy {
        let settings = Self.settings(json, changes)
        return try #require(try settings.guardPolicy(for: try settings.policy()))
    }

    /// Returns the error of a policy document, by default in the development profile.
    private static func problem(_ json: String, profile: String? = nil) -> String {
        do {
            _ = try Self.policy(json, ["OTP_PROFILE": profile])
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func documentedExampleIsRead() throws {
        let page = try Environment.page("Docs/GuardRules.md")
        let json = try #require(page.components(separatedBy: "```json\n").dropFirst().first)
        let policy = try Self.policy(try #require(json.components(separatedBy: "```").first))
        #expect(policy.homeRegions == [.singapore, .unitedKingdom])
        #expect(policy.serviceBudget == .init(messages: 20_000, money: 8_000_000))
        #expect(policy.tenantBudget == .init(messages: 2_000))
        #expect(policy.tenantBudgets == ["acme": .init(messages: 5_000)])
        #expect(policy.regionBudgets == [.unitedKingdom: .init(money: 2_000_000)])
        #expect(policy.prices == [.singapore: 400, .unitedKingdom: 350] && policy.otherPrice == 2_500)
        let end = LedgerTime(seconds: 1_801_353_600)
        #expect(policy.allowList == [AllowEntry(.addresses(AddressRange("192.0.2.0/24")!), until: end)])
        let rule = try #require(policy[.init(.unverified, .block)])
        #expect(rule.mode == .monitor)
        guard case .bucket(let bucket) = rule.threshold else {
            Issue.record("the rule has no bucket")
            return
        }
        #expect(bucket.capacity == 20 && bucket.checkedCapacity == 60)
        // Numbers that the document does not name stay.
        let standard = try #require(GuardRule.standard.first { $0.name == rule.name })
        guard case .bucket(let before) = standard.threshold else {
            Issue.record("the rule has no bucket")
            return
        }
        #expect(bucket.pause == before.pause && bucket.doublings == before.doublings)
    }

    @Test func emptyDocumentIsTheStandardPolicy() throws {
        let policy = try Self.policy("{}")
        #expect(policy.rules == GuardRule.standard)
        #expect(policy == GuardPolicy(homeRegions: [], serviceBudget: .init()))
    }

    @Test func everyNumberOfARuleCanBeChanged() throws {
        let policy = try Self.policy(
            """
            {"rules": {
              "unverified-block": {"capacity": 2, "checkedCapacity": 3, "pause": 4, "doublings": 5, "weight": 6,
                                   "credit": 7, "share": 8},
              "growth-block": {"floor": 9, "factor": 10, "mode": "off"}, "destinations-source": {"regions": 4}
            }}
            """
        )
        let bucket = LeakyBucket.Limits(
            capacity: 2,
            checkedCapacity: 3,
            pause: 4,
            doublings: 5,
            weight: 6,
            credit: 7,
            share: 8
        )
        #expect(policy[.init(.unverified, .block)]?.threshold == .bucket(bucket))
        #expect(policy[.init(.growth, .block)]?.threshold == .growth(floor: 9, factor: 10))
        #expect(policy[.init(.growth, .block)]?.mode == .off)
        #expect(policy[.init(.destinations, .source)]?.threshold == .regions(4))
    }

    @Test(arguments: [
        (#"{"#, "it is not JSON"), (#"[]"#, "it cannot be read"),
        (#"{"price": {}}"#, "price: it is not one of"),
        (#"{"homeRegions": "SG"}"#, "homeRegions: it is not an array"),
        (#"{"homeRegions": ["SG", "XX"]}"#, "homeRegions[1]: it is not a region"),
        (#"{"budgets": {"service": 5}}"#, "budgets.service: it is not an object"),
        (#"{"budgets": {"service": {"messages": -1}}}"#, "budgets.service.messages: it is not a whole number"),
        (#"{"budgets": {"service": {"messages": 1.5}}}"#, "budgets.service.messages: it is not a whole number"),
        (#"{"budgets": {"regions": {"Mars": {}}}}"#, "budgets.regions.Mars: it is not a region"),
        (#"{"budgets": {"tenants": {"acme": {"cash": 1}}}}"#, "budgets.tenants.acme.cash: it is not one of"),
        (#"{"prices": {"SG": "4"}}"#, "prices.SG: it is not a whole number"),
        (#"{"prices": {"SG": 4, "SG": 5}}"#, "it is not JSON"),
        (#"{"prices": {"SG": 99999999999}}"#, "prices["),
        (#"{"homeRegions": ["SG"], "budgets": {"service": {"money": 5}}}"#, "prices["),
        (#"{"allow": [{"addresses": "192.0.2.0/24"}]}"#, "allow[0]: it has no end"),
        (#"{"allow": [{"addresses": "192.0.2.1/24", "until": "2027-01-31T00:00:00Z"}]}"#, "allow[0].addresses: "),
        (#"{"allow": [{"numbers": "65", "until": "soon"}]}"#, "allow[0].until: it is not a timestamp"),
        (#"{"allow": [{"until": "2027-01-31T00:00:00Z"}]}"#, "allow[0]: it must have either"),
        (#"{"allow": [{"numbers": "+65", "until": "2027-01-31T00:00:00Z"}]}"#, "allowList: "),
        (#"{"rules": {"growth-moon": {}}}"#, "rules.growth-moon: there is no such rule"),
        (#"{"rules": {"growth-block": {"mode": "maybe"}}}"#, "rules.growth-block.mode: it is not one of off"),
        (#"{"rules": {"growth-block": {"capacity": 3}}}"#, "rules.growth-block.capacity: it is not one of"),
        (#"{"rules": {"unverified-block": {"capacity": 0}}}"#, "unverified-block: the capacity is 0"),
        (#"{"rules": {"messages-service": {"floor": 1}}}"#, "rules.messages-service.floor: it is not one of mode"),
    ])
    func mistakeNamesItsEntry(json: String, reason: String) {
        let problem = Self.problem(json)
        #expect(problem.hasPrefix("OTP_GUARD cannot be used: "), "\(problem)")
        #expect(problem.contains(reason), "\(problem)")
    }

    @Test func policyIsReadFromAFile() throws {
        var values = Environment.complete
        values["OTP_GUARD"] = "guard.json"
        let settings = OTPSettings(environment: values) { path in
            path == "guard.json" ? Data(#"{"budgets": {"service": {"messages": 7}}}"#.utf8) : nil
        }
        #expect(try settings.guardPolicy(for: settings.policy())?.serviceBudget.messages == 7)
        values["OTP_GUARD"] = "/nowhere/guard.json"
        let missing = OTPSettings(environment: values)
        let error = #expect(throws: OTPSettingsError.self) { try missing.guardPolicy(for: missing.policy()) }
        #expect(error?.problem == "/nowhere/guard.json: it cannot be read, or is larger than 1 MiB")
    }

    @Test func developmentNeedsNoGuard() throws {
        for profile in [nil, "development"] {
            let settings = Environment.settings(["OTP_PROFILE": profile])
            #expect(try settings.guardPolicy(for: settings.policy()) == nil)
            #expect(try settings.sendGate(InMemorySendLedger(), for: settings.policy()) == nil)
        }
    }

    @Test func productionRefusesToStartWithoutAGuard() throws {
        let settings = Environment.settings(["OTP_PROFILE": "production"])
        let error = #expect(throws: OTPSettingsError.self) { try settings.guardPolicy(for: settings.policy()) }
        #expect(error?.code == .missing && error?.variable == "OTP_GUARD")
    }

    @Test func productionNeedsABudgetOfTheService() {
        let problem = Self.problem(#"{"prices": {"SG": 1, "GB": 1}}"#, profile: "production")
        #expect(problem.contains("budgets.service: "), "\(problem)")
    }

    @Test func productionNeedsAPriceForEachListedRegion() throws {
        let budget = #""budgets": {"service": {"messages": 9}, "regions": {"FR": {"messages": 1}}}"#
        for (json, region) in [
            (#"{"prices": {"SG": 1}, \#(budget)}"#, "FR"), (#"{"prices": {"SG": 1, "FR": 1}, \#(budget)}"#, "GB"),
            (#"{"homeRegions": ["DE"], "prices": {"SG": 1, "FR": 1, "GB": 1}, \#(budget)}"#, "DE"),
        ] {
            let problem = Self.problem(json, profile: "production")
            #expect(problem.contains("prices.\(region): "), "\(problem)")
        }
        for prices in [#"{"SG": 1, "FR": 1, "GB": 1}"#, #"{"other": 1}"#] {
            #expect(Self.problem(#"{"prices": \#(prices), \#(budget)}"#, profile: "production") == "no error")
        }
    }

    @Test func gateOfTheSettingsGuardsAService() async throws {
        let settings = Self.settings(#"{"homeRegions": ["SG"], "budgets": {"service": {"messages": 0}}}"#)
        let policy = try settings.policy()
        let gate = try settings.sendGate(InMemorySendLedger(), for: policy)
        let otp = try OTPService(
            store: InMemoryOTPStore(),
            sms: NoSMS(),
            keys: settings.keys,
            policy: policy,
            messages: settings.messages(for: policy),
            sendGuard: gate
        )
        let error = await #expect(throws: OTPError.self) {
            try await otp.issue(for: try PhoneNumber("+6591234567"), purpose: .registration)
        }
        #expect(error?.code == .blocked)
    }

    private struct NoSMS: SMSClient {
        func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
            .rejected(SMSError(code: "none", kind: .caller, message: "sends nothing"))
        }
    }
}
