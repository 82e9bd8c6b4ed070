// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Tests of a registration with `otp` in a second terminal while the demo runs.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct FlowTests {
    static let number = "+65 9123 4567"

    @Test func codeVerifiesOnce() async throws {
        try await Demo.run { demo in
            let issued = try await demo.otp("issue", Self.number, "--json")
            #expect(issued.status == 0, "\(issued)")
            let challenge = try issued.json(ChallengeDocument.self)
            let token = try #require(challenge.token)
            #expect(challenge.expiresAt > Date())
            #expect(challenge.resendAt > Date() && challenge.resendAt < challenge.expiresAt)
            #expect(challenge.delivery.status == "accepted" && challenge.delivery.messageID?.isEmpty == false)
            #expect(challenge.to == "+65****67")

            let code = try await demo.code(Self.number)
            #expect(code.wholeMatch(of: /[0-9]{6}/) != nil)
            #expect(!issued.output.contains(code) && !issued.errors.contains(code))
            #expect(!issued.description.contains("91234567"))

            let wrong = try await demo.otp("verify", Self.number, token, Demo.wrong(code), "--json")
            #expect(wrong.status == 2, "\(wrong)")
            #expect(try wrong.error.code == "incorrectCode")
            #expect(try wrong.error.attemptsRemaining == challenge.attemptsRemaining - 1)

            let other = try await demo.otp("verify", "+65 9123 4568", token, code)
            #expect(other.status == 2, "\(other)")

            let right = try await demo.otp(
                "verify",
                Self.number,
                token,
                "-",
                "--audience",
                "shop",
                "--json",
                input: code
            )
            #expect(right.status == 0, "\(right)")
            let proof = try right.json(ProofDocument.self)
            #expect(proof.verified && !proof.proof.isEmpty && proof.expiresAt > Date())
            #expect(proof.audience == "shop")

            let again = try await demo.otp("verify", Self.number, token, code, "--json")
            #expect(again.status == 2, "\(again)")
            #expect(try again.error.code == "expired")
            for run in [wrong, other, right, again] {
                #expect(!run.description.contains(code), "a code is shown")
            }
        }
    }

    @Test func cooldownIsReported() async throws {
        try await Demo.run { demo in
            let challenge = try await demo.issue(Self.number)
            let soon = try await demo.otp("issue", "+6591234567", "--json")
            #expect(soon.status == 75, "\(soon)")
            #expect(try soon.error.limit == "cooldown")
            let wait = try #require(try soon.error.retryAfter)
            #expect((1...60).contains(wait))
            let resend = try await demo.otp("resend", Self.number, try #require(challenge.token))
            #expect(resend.status == 75 && resend.errors.contains("try again in"), "\(resend)")
            let plain = try await demo.otp("issue", Self.number)
            #expect(plain.output.isEmpty && plain.errors.contains("try again in"), "\(plain)")
        }
    }

    @Test func issuePrintsOnlyTheToken() async throws {
        try await Demo.run { demo in
            let issued = try await demo.otp("issue", Self.number)
            #expect(issued.status == 0 && issued.lines.count == 1, "\(issued)")
            let token = try #require(issued.lines.first)
            #expect(token.hasPrefix("v1."))
            let status = try await demo.otp("status", Self.number, token)
            #expect(status.status == 0 && status.output.contains("attempts left"), "\(status)")
            let code = try await demo.code(Self.number)
            // Without the argument, the command reads the code from standard input.
            let verified = try await demo.otp("verify", Self.number, token, input: code + "\n")
            #expect(verified.status == 0, "\(verified)")
            #expect(verified.output == "verified +65****67 for registration\n")
            #expect(try await demo.otp("status", Self.number, token).status == 2)
        }
    }

    @Test func codeIsBoundToPurposeAndContext() async throws {
        try await Demo.run { demo in
            let arguments = ["--purpose", "sign-in", "--context", "10 SGD to Ann"]
            let token = try #require(try await demo.issue(Self.number, arguments).token)
            let code = try await demo.code(Self.number)
            let verify = ["verify", Self.number, token, code]
            for wrong in [[], ["--purpose", "sign-in"], ["--purpose", "sign-in", "--context", "99 SGD to Ann"]] {
                #expect(try await Program.run(verify + wrong, environment: demo.environment).status == 2)
            }
            #expect(try await Program.run(verify + arguments, environment: demo.environment).status == 0)
        }
    }

    @Test func tokenlessCodeVerifies() async throws {
        try await Demo.run { demo in
            let issued = try await demo.otp("issue", Self.number, "--tokenless")
            #expect(issued.status == 0 && !issued.output.contains("v1."), "\(issued)")
            let code = try await demo.code(Self.number)
            let wrong = try await demo.otp("verify", Self.number, "--tokenless", Demo.wrong(code))
            #expect(wrong.status == 2 && wrong.errors.contains("attempts left"), "\(wrong)")
            let right = try await demo.otp("verify", Self.number, "--tokenless", input: code)
            #expect(right.status == 0, "\(right)")
        }
    }

    @Test func cancelAndUnlock() async throws {
        try await Demo.run { demo in
            let token = try #require(try await demo.issue(Self.number).token)
            #expect(try await demo.otp("cancel", Self.number, token).status == 0)
            let code = try await demo.code(Self.number)
            #expect(try await demo.otp("verify", Self.number, token, code).status == 2)
            #expect(try await demo.otp("cancel", Self.number, token).status == 2)
            let unlocked = try await demo.otp("unlock", Self.number, "--json")
            #expect(unlocked.status == 0 && unlocked.output.contains("\"unlocked\":true"), "\(unlocked)")
        }
    }

    @Test func inboxIsReadable() async throws {
        try await Demo.run { demo in
            let nothing = try await demo.otp("inbox", "wait", Self.number, "--timeout", "0.2", "--json")
            #expect(nothing.status == 2, "\(nothing)")
            #expect(try nothing.error.code == "timeout")
            #expect(try await demo.otp("inbox", "list", "--json").output == "[]\n")
            #expect(try await demo.otp("inbox", "show", "1").status == 2)

            _ = try await demo.issue(Self.number)
            let code = try await demo.code(Self.number)
            #expect(try await demo.otp("inbox", "show", "1").output.contains(code))
            #expect(try await demo.otp("inbox", "list", "--to", Self.number).lines.count == 1)
            #expect(try await demo.otp("inbox", "list", "--to", "+447700900123").output.isEmpty)
            #expect(try await demo.otp("inbox", "wait", Self.number, "--since", "1", "--timeout", "0.2").status == 2)
            #expect(try await demo.otp("inbox", "clear").status == 0)
            #expect(try await demo.otp("inbox", "list", "--json").output == "[]\n")
        }
    }

    @Test func inboxIsWatched() async throws {
        try await Demo.run { demo in
            _ = try await demo.issue(Self.number)
            let result = try await Subprocess.run(
                .path(FilePath(Program.path)),
                arguments: ["inbox", "watch", "--json", "--since", "0"],
                environment: Program.environment(demo.environment),
                input: .none,
                output: .sequence,
                error: .discarded
            ) { execution in
                var ids: [Int] = []
                for try await line in execution.standardOutput.strings() {
                    let message = try #require(
                        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                        "\(line)"
                    )
                    ids.append(try #require(message["id"] as? Int))
                    if ids == [1] { _ = try await demo.issue("+447700900123") }
                    if ids.count == 2 { break }
                }
                #expect(ids == [1, 2])
                try execution.send(signal: .interrupt)
            }
            #expect(Program.status(result.terminationStatus) == 0)
        }
    }
}
