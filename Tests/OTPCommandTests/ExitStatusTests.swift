// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPEnvironment
import SMSKit
import Subprocess
import SystemPackage
import Testing

@testable import AlibabaSMS
@testable import OTPCommand

/// Tests of the exit status and the message of every error.
struct ExitStatusTests {
    @Test(arguments: [
        (OTPError.Code.incorrectCode, 2, 2), (.malformedCode, 2, 2), (.expired, 2, 2), (.attemptsExhausted, 2, 2),
        (.invalidProof, 2, 2), (.locked, 75, 2), (.disabled, 1, 2), (.rateLimited, 75, 75), (.invalidToken, 64, 64),
        (.keyUnavailable, 78, 78), (.storeUnavailable, 69, 69), (.destinationNotAllowed, 1, 1),
        (.deliveryFailed, 1, 1), (.humanCheckRequired, 1, 1), (.blocked, 75, 75),
    ])
    func everyErrorHasAnExitStatus(code: OTPError.Code, issue: Int32, verify: Int32) {
        for (use, status) in [(ServiceUse.issue, issue), (.verify, verify)] {
            let failure = CommandFailure(OTPError(code, "why"), of: use, store: "there", gateway: "here")
            #expect(failure.status.rawValue == status, "\(code) of \(use)")
            #expect(failure.code == code.description)
        }
    }

    @Test(arguments: SMSError.Kind.all)
    func refusalAndUnreachableGatewayDiffer(kind: SMSError.Kind) {
        var error = OTPError(.deliveryFailed, "why")
        error.delivery = SMSError(code: "Some.Code", kind: kind, message: "words")
        let failure = CommandFailure(error, of: .issue, store: "there", gateway: "http://gateway")
        let status: Int32 =
            switch kind {
            case .transient: 69
            case .throttled, .limit: 75
            default: 1
            }
        #expect(failure.status.rawValue == status)
        #expect(failure.message.contains("http://gateway") && failure.message.contains("Some.Code"))
        #expect(failure.gateway?.kind == kind.description)
    }

    @Test(arguments: [
        ("Throttling.User", 1), ("Throttling.Api", 1), ("QPS_LIMIT_CONTROL", 1), ("BUSINESS_LIMIT_CONTROL_MINUTE", 60),
        ("BUSINESS_LIMIT_HOUR", 3_600), ("ALERT_LIMIT_DAY", 86_400), ("ALERT_LIMIT_MONTH", 2_678_400),
    ])
    func gatewayLimitExitsWithRetryAfter(code: String, seconds: Int) throws {
        let kind = GatewayErrorTable.entry(for: code).kind
        let delivery = SMSError(AlibabaSMSError(.init(rawValue: code), kind: kind, message: "words"))
        var error = OTPError(.deliveryFailed, "why")
        error.delivery = delivery
        error.retryAfter = delivery.retryAfter
        let failure = CommandFailure(error, of: .issue, store: "there", gateway: "http://gateway")
        #expect(failure.status.rawValue == 75)
        #expect(failure.text.contains("try again in \(seconds) s"), "\(failure.text)")
        let document = String(decoding: try JSONEncoder().encode(failure), as: UTF8.self)
        #expect(document.contains("\"retryAfter\":\(seconds)"), "\(document)")
    }

    @Test func retryAfterOfTheGatewayIsInMessageAndJSON() throws {
        var error = OTPError(.deliveryFailed, "why")
        error.retryAfter = .milliseconds(29_500)
        error.delivery = SMSError(
            code: "Throttling.User",
            kind: .throttled,
            message: "words",
            requestID: "F655A8D5-B967-440B-8683-DAD6FF8DE990"
        )
        let failure = CommandFailure(error, of: .issue, store: "there", gateway: "http://gateway")
        #expect(failure.text.contains("try again in 30 s"))
        let document = String(decoding: try JSONEncoder().encode(failure), as: UTF8.self)
        #expect(document.contains("\"retryAfter\":30"))
        #expect(document.contains("\"requestID\":\"F655A8D5-B967-440B-8683-DAD6FF8DE990\""))
    }

    @Test func messageOfACustomStoreIsNotRepeated() {
        struct Foreign: Error { var password = "secret-value" }
        let error = OTPError(.storeUnavailable, "why", cause: Foreign())
        let failure = CommandFailure(error, of: .verify, store: "there", gateway: "here")
        #expect(failure.message.contains("there") && !failure.message.contains("secret-value"))
    }

    @Test(arguments: ["plain", "it's", "$(id) `id` \"x\" \\ ;&|", "''", "two\nlines"])
    func shellQuotingIsExact(text: String) async throws {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", "printf %s \(EnvironmentFile.quoted(text))"],
            output: .string(limit: 4096)
        )
        #expect(result.standardOutput == text)
    }

    @Test func waitsAreRoundedUp() {
        var error = OTPError(.rateLimited, "why")
        error.retryAfter = .milliseconds(1001)
        let failure = CommandFailure(error, of: .issue, store: "there", gateway: "here")
        #expect(failure.text.contains("try again in 2 s"))
    }

    @Test func kindsAndAdditionsAreParsed() throws {
        let settings = OTPSettings(environment: [
            "OTP_NUMBER_KINDS": "mobile, fixedLine", "OTP_NUMBERING_PLAN": "BJ * 8; KZ 600 10 mobile",
            "OTP_COUNTRIES": "BJ",
        ])
        #expect(try settings.policy().kinds == [.mobile, .fixedLine])
        #expect(
            try OTPSettings(environment: ["OTP_COUNTRIES": "BJ"]).policy().kinds
                == OTPPolicy(destinations: []).kinds
        )
        #expect(try Arguments.number("+229 97 12 34 56", settings).e164 == "+22997123456")
        #expect(try Arguments.number("+7 600 123 45 67", settings).kind == .mobile)
        let error = #expect(throws: CommandFailure.self) {
            try Arguments.number("+229 97 12 34 56", OTPSettings(environment: [:]))
        }
        #expect(error?.message.contains("numbers of BJ have 10 digits") == true)
        for kinds in ["mobile,", "landline", "Mobile", ",", "mobile;voip"] {
            let settings = OTPSettings(environment: ["OTP_NUMBER_KINDS": kinds])
            #expect(throws: OTPSettingsError.self) { try settings.numberKinds }
        }
    }

    @Test func doctorShowsTheAgeOfTheNumberingMetadata() throws {
        let date = try Date(NumberingPlan.metadataDate, strategy: .iso8601.year().month().day())
        func finding(_ days: Double, _ environment: [String: String] = [:]) -> Finding {
            NumberingExamination(settings: OTPSettings(environment: environment), now: date + days * 86_400).finding()
        }
        #expect(
            finding(3.5).value
                == "metadata \(NumberingPlan.metadataVersion) of \(NumberingPlan.metadataDate), 3 days old"
        )
        #expect(finding(365).verdict == .ok && finding(366).verdict == .warn && finding(-20).verdict == .ok)
        #expect(finding(400).remedy?.contains("OTP_NUMBERING_PLAN") == true)
        #expect(finding(1, ["OTP_NUMBERING_PLAN": "BJ * 8; FJ * 8"]).value.hasSuffix("1 days old, 2 additions"))
        #expect(finding(1, ["OTP_NUMBERING_PLAN": "BJ"]).verdict == .fail)
        #expect(finding(1, ["OTP_NUMBER_KINDS": "x"]).isUnreadable)
    }

    @Test func textsDoNotMatterForVerification() throws {
        let settings = OTPSettings(environment: [
            "OTP_KEYS": KeyRing.makeText(), "OTP_BRAND": "a/b", "OTP_COUNTRIES": "GB",
        ])
        _ = try ServiceParts(settings, for: .verify)
        #expect(throws: OTPSettingsError.self) { try ServiceParts(settings, for: .issue) }
    }

    @Test func settingErrorsExitWith78() {
        for (code, name) in [(OTPSettingsError.Code.missing, "missingSetting"), (.invalid, "unusableSetting")] {
            let failure = CommandFailure(OTPSettingsError(code, "OTP_X", problem: "why", remedy: "do this"))
            #expect(failure.status == .configuration && failure.code == name && failure.variable == "OTP_X")
            #expect(failure.text.hasPrefix("OTP_X ") && failure.text.hasSuffix("do this"))
        }
    }

    @Test func exitCodesOfHelpAndPageAgree() async throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Docs/Operations.md"), encoding: .utf8)
        let section = try #require(page.split(separator: "\n## Exit codes\n").last?.split(separator: "\n## ").first)
        let documented = section.matches(of: /(?m)^\| (\d+) \|/).compactMap { Int32($0.1) }
        #expect(documented == ExitStatus.allCases.map(\.rawValue))
        let help = try await Program.run(["--help"]).output
        for status in ExitStatus.allCases { #expect(help.contains(status.meaning), "\(status)") }
    }

    @Test func optionsComeBeforeTheEnvironment() throws {
        let environment = ["OTP_COUNTRIES": "SG", "OTP_SMS_ENDPOINT": "http://127.0.0.1:1"]
        let settings = try SettingsLayers(options: [.countries: "GB, us"], environment: environment).settings
        #expect(try settings.destinations == [.unitedKingdom, .unitedStates])
        #expect(try settings.gateway.endpoint == "http://127.0.0.1:1")
        #expect(try OTPSettings(environment: environment).destinations == [.singapore])
        #expect(try OTPSettings(environment: [:]).gateway.endpoint.contains("ap-southeast-1"))
        #expect(throws: OTPSettingsError.self) { try OTPSettings(environment: ["OTP_COUNTRIES": "SG,"]).destinations }
    }

    @Test(arguments: [
        "http://user:secret-value@127.0.0.1:1", "nonsense", "file:///x", "http://127.0.0.1:1/?a=secret-value",
    ])
    func inboxURLWithAdditionalPartsIsRefused(url: String) {
        let settings = OTPSettings(environment: ["OTP_INBOX_URL": url])
        let error = #expect(throws: OTPSettingsError.self) { try settings.inboxURL() }
        #expect(error?.code == .invalid && error?.description.contains("secret-value") == false)
    }
}
