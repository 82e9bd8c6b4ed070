// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import SMSKit

struct VerifyCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var verified = true
        var to: String
        var purpose: String
        var audience: String
        var proof: String
        var expiresAt: Date
        var deviceToken: String?
    }

    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a code. Exits 0 if it is right, and 2 if it is wrong.",
        usage: """
            otp verify NUMBER TOKEN [CODE] [--purpose PURPOSE] [--context TEXT] [--audience NAME] [--device-token] [--json]
            otp verify NUMBER --tokenless [CODE] [--purpose PURPOSE] [--context TEXT] [--audience NAME] [--device-token] [--json]
            """,
        discussion: """
            Without CODE, or with -, the code is read from one line of standard input, which no process list shows.
            With --device-token, the second line of the output is a device token for otp issue --device. It is a secret.

            EXAMPLES
              otp verify '+65 9123 4567' "$TOKEN"
              echo 123456 | otp verify +6591234567 "$TOKEN" - --json

            ENVIRONMENT
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @OptionGroup var number: NumberArgument

    @Argument(help: ArgumentHelp("The token that issue printed, and the code.", valueName: "token> <code"))
    var rest: [String] = []

    @OptionGroup var code: CodeOptions
    @OptionGroup(title: "Client") var client: ClientOptions

    @Option(help: "The audience of the proof.")
    var audience = ProofAudience.default.rawValue

    @Flag(help: "Verify a code that was issued with --tokenless.")
    var tokenless = false

    @Flag(help: "Also print a device token, which otp issue --device reads.")
    var deviceToken = false

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sources.settings()
            let number = try self.number.phoneNumber(settings)
            let purpose = try self.code.purpose
            let context = self.code.context
            let audience = try Arguments.audience(self.audience)
            let client = try self.client.info
            let token = try self.token()
            let words = self.rest.dropFirst(self.tokenless ? 0 : 1)
            guard words.count <= 1 else { throw CommandFailure.usage("too many arguments") }
            let code = try Arguments.code(words.first)
            let (proof, device) = try await withService(settings, for: .verify) { service in
                let proof =
                    if let token {
                        try await service.verify(
                            code,
                            for: number,
                            token: token,
                            purpose: purpose,
                            context: context,
                            audience: audience,
                            client: client
                        )
                    } else {
                        try await service.verifyTokenless(
                            code,
                            for: number,
                            purpose: purpose,
                            context: context,
                            audience: audience,
                            client: client
                        )
                    }
                return (proof, self.deviceToken ? service.deviceToken(for: proof).text : nil)
            }
            let report = Report(
                to: number.description,
                purpose: purpose.rawValue,
                audience: proof.audience.rawValue,
                proof: proof.token,
                expiresAt: proof.expiresAt,
                deviceToken: device
            )
            let lines = ["verified \(number) for \(purpose)"] + [device].compactMap(\.self)
            try output.show(report, lines: lines.joined(separator: "\n"))
        }
    }

    private func token() throws(CommandFailure) -> ChallengeToken? {
        if self.tokenless { return nil }
        guard let text = self.rest.first else { throw .usage("TOKEN is missing") }
        return try Arguments.token(text)
    }
}
