// SPDX-License-Identifier: Apache-2.0

import Foundation
import MovableClock
import Testing

/// Tests of device tokens on the command line.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct KnownDeviceTests {
    private struct Verified: Decodable {
        var deviceToken: String?
    }

    private static let number = FlowTests.number
    private static let laneOn: [String: String?] = ["OTP_DEVICE_LANE": "on"]

    @Test func knownDeviceGetsACodeWhenTheOpenLaneIsUsedUp() async throws {
        try await Demo.run { demo, clock in
            let first = try #require(try await demo.issue(Self.number).token)
            let code = try await demo.code(Self.number)
            let verified = try await demo.otp("verify", Self.number, first, code, "--device-token", "--json")
            let device = try #require(try verified.json(Verified.self).deviceToken)
            #expect(device.hasPrefix("d1."))
            try clock.advance(by: .seconds(7_200))
            for wait in [60, 120, 300, 600] {
                let open = try await demo.otp("issue", Self.number, changing: Self.laneOn)
                #expect(open.status == 0 && open.output.hasPrefix("v1."), "\(open)")
                try clock.advance(by: .seconds(wait))
            }
            #expect(try await demo.otp("issue", Self.number, changing: Self.laneOn).status == 75)
            // The token of another number has no effect.
            let other = try await demo.otp(
                "issue",
                "+65 9123 4568",
                "--device",
                "-",
                changing: Self.laneOn,
                input: device
            )
            #expect(other.status == 0 && other.output.hasPrefix("v1."), "\(other)")
            try await withFolder { folder in
                let file = folder + "/device"
                try Data((device + "\n").utf8).write(to: URL(fileURLWithPath: file))
                let known = try await demo.otp("issue", Self.number, "--device", file, changing: Self.laneOn)
                #expect(known.status == 0 && known.output.hasPrefix("k1."), "\(known)")
                let token = try #require(known.lines.first)
                let right = try await demo.otp(
                    "verify",
                    Self.number,
                    token,
                    try await demo.code(Self.number),
                    changing: Self.laneOn
                )
                #expect(right.status == 0 && right.output == "verified +65****67 for registration\n", "\(right)")
            }
        }
    }

    @Test func revokedDeviceIsUnknown() async throws {
        try await Demo.run { demo, clock in
            let first = try #require(try await demo.issue(Self.number).token)
            let code = try await demo.code(Self.number)
            let verified = try await demo.otp("verify", Self.number, first, code, "--device-token", "--json")
            let device = try #require(try verified.json(Verified.self).deviceToken)
            for (command, prefix) in [(nil, "k1."), ("revoke", "v1.")] as [(String?, String)] {
                try clock.advance(by: .seconds(7_200))
                if let command {
                    let run = try await demo.otp(command, Self.number, "--operator", "alice", "--json")
                    #expect(run.status == 0 && run.output.contains("\"revoked\":true"), "\(run)")
                    #expect(run.output.contains("+65****67") && !run.description.contains(device), "\(run)")
                }
                let run = try await demo.otp(
                    "issue",
                    Self.number,
                    "--device",
                    "-",
                    changing: Self.laneOn,
                    input: device
                )
                #expect(run.status == 0 && run.output.hasPrefix(prefix), "\(run)")
            }
        }
    }

    @Test func verifyPrintsADeviceTokenOnRequestOnly() async throws {
        try await Demo.run { demo in
            let token = try #require(try await demo.issue(Self.number).token)
            let code = try await demo.code(Self.number)
            let run = try await demo.otp("verify", Self.number, token, code, "--device-token")
            #expect(run.status == 0 && run.lines.count == 2, "\(run)")
            #expect(run.lines.first == "verified +65****67 for registration")
            #expect(run.lines.last?.hasPrefix("d1.") == true)
        }
    }

    @Test(arguments: ["", "d1.AAAA", "v1.AAAA"])
    func unusableDeviceTokenIsAUsageErrorThatDoesNotRepeatIt(text: String) async throws {
        let environment = ["OTP_REDIS_URL": "redis://127.0.0.1:1"]
        let run = try await Program.run(
            ["issue", Self.number, "--device", "-"],
            environment: environment,
            input: text
        )
        #expect(run.status == 64 && run.errors.contains("--device"), "\(run)")
        #expect(text.isEmpty || !run.description.contains(text))
    }
}
