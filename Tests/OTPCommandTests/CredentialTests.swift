// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Tests of the chain of credential sources that `otp` uses.
struct CredentialTests {
    static let number = "+6591234567"
    static let noKey: [String: String?] = [
        "ALIBABA_CLOUD_ACCESS_KEY_ID": nil, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": nil,
    ]

    struct Report: Decodable {
        struct Check: Decodable {
            var check: String
            var value: String
            var verdict: String
        }

        var checks: [Check]
    }

    /// Returns the result for the credential from the output of `otp doctor`.
    static func credentials(_ run: Program.Run) throws -> Report.Check {
        try #require(try run.json(Report.self).checks.first { $0.check == "credentials" })
    }

    /// Returns the environment variables for a credential source that the emulator provides.
    static func place(_ name: String, at address: String, in folder: String) throws -> [String: String?] {
        switch name {
        case "ECS RAM role":
            return ["OTP_METADATA_ENDPOINT": address]
        case "credentials URI":
            return [
                "ALIBABA_CLOUD_CREDENTIALS_URI": "\(address)/credentials",
                "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            ]
        case "CLI profile":
            let profile = """
                {"current":"p","profiles":[{"name":"p","mode":"EcsRamRole"}]}
                """
            let home = URL(filePath: folder)
            try FileManager.default.createDirectory(
                at: home.appending(path: ".aliyun"),
                withIntermediateDirectories: true
            )
            try Data(profile.utf8).write(to: home.appending(path: ".aliyun/config.json"))
            return ["HOME": folder, "OTP_METADATA_ENDPOINT": address]
        default:
            let claims = Data(#"{"exp":4000000000}"#.utf8).base64EncodedString().replacing("=", with: "")
            let token = URL(filePath: folder).appending(path: "token")
            try Data("e30.\(claims).e30".utf8).write(to: token)
            return [
                "OTP_STS_ENDPOINT": address, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": token.path,
                "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/sender",
                "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
            ]
        }
    }

    @Test(arguments: ["OIDC role", "CLI profile", "ECS RAM role", "credentials URI"])
    func credentialOfEverySourceIsUsedAndNamedByDoctor(place: String) async throws {
        _ = try await withFolder { folder in
            try await Demo.run { demo in
                let address = try #require(demo.environment["OTP_SMS_ENDPOINT"])
                let settings = try Self.place(place, at: address, in: folder).merging(Self.noKey) { $1 }
                let run = try await demo.otp("issue", Self.number, changing: settings)
                #expect(run.status == 0, "\(run)")
                #expect(try await demo.otp("inbox", "list", "--json").output.contains(Self.number))

                let doctor = try await demo.otp("doctor", "--json", changing: settings)
                let finding = try Self.credentials(doctor)
                #expect(finding.verdict == "ok")
                #expect(finding.value.hasPrefix("a temporary access key until 20"), "\(finding.value)")
                #expect(finding.value.hasSuffix("from: \(place)"), "\(finding.value)")
                #expect(!doctor.description.contains("STS."))
            }
        }
    }

    @Test func environmentKeyTakesPrecedenceAndMustBeComplete() async throws {
        try await Demo.run { demo in
            let address = try #require(demo.environment["OTP_SMS_ENDPOINT"])
            let metadata = ["OTP_METADATA_ENDPOINT": address] as [String: String?]
            let doctor = try await demo.otp("doctor", "--json", changing: metadata)
            #expect(try Self.credentials(doctor).value == "a permanent access key, from: environment")
            let half = metadata.merging(["ALIBABA_CLOUD_ACCESS_KEY_SECRET": nil]) { $1 }
            let run = try await demo.otp("issue", Self.number, changing: half)
            #expect(run.status == 78 && run.errors.contains("ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set"), "\(run)")
        }
    }

    @Test func missingCredentialExplainsEverySource() async throws {
        try await Demo.run { demo in
            let off: [String: String?] = ["ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "HOME": "/nowhere"]
            let run = try await demo.otp("issue", Self.number, "--json", changing: off.merging(Self.noKey) { $1 })
            #expect(run.status == 78, "\(run)")
            let error = try run.error
            #expect(error.code == "missingSetting")
            for place in ["environment", "OIDC role", "CLI profile", "INI profile", "ECS RAM role", "credentials URI"] {
                #expect(error.message.contains("\(place): "), "\(error.message)")
            }
            let doctor = try await demo.otp("doctor", "--json", changing: off.merging(Self.noKey) { $1 })
            #expect(try Self.credentials(doctor).verdict == "fail")

            let dead = ["OTP_METADATA_ENDPOINT": "http://127.0.0.1:1", "HOME": "/nowhere"] as [String: String?]
            let unreachable = try await demo.otp(
                "issue",
                Self.number,
                "--json",
                changing: dead.merging(Self.noKey) { $1 }
            )
            #expect(unreachable.status == 69, "\(unreachable)")
            #expect(try unreachable.error.code == "credentialUnavailable")
            #expect(try await demo.otp("inbox", "list", "--json").output == "[]\n", "nothing must be sent")
        }
    }
}
