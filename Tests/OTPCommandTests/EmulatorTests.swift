// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Tests of `otp emulator` with an account file and several inboxes.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct EmulatorTests {
    private static let token = "correct-horse-battery"

    /// Sends a message without a signature, and returns the response.
    @discardableResult
    private static func send(_ text: String, to url: String, key: String? = nil, namespace: String? = nil) async throws
        -> String
    {
        var components = try #require(URLComponents(string: "\(url)/"))
        components.queryItems = [
            URLQueryItem(name: "Action", value: "SendMessageToGlobe"),
            URLQueryItem(name: "Version", value: "2018-05-01"), URLQueryItem(name: "To", value: "6591234567"),
            URLQueryItem(name: "Message", value: text),
        ]
        if let key { components.queryItems?.append(URLQueryItem(name: "AccessKeyId", value: key)) }
        var request = URLRequest(url: try #require(components.url))
        if let namespace { request.setValue(namespace, forHTTPHeaderField: "x-otp-namespace") }
        let (body, _) = try await URLSession.shared.data(for: request)
        return String(decoding: body, as: UTF8.self)
    }

    private static func withFile(_ content: String, _ work: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("account.json")
        try content.write(to: file, atomically: true, encoding: .utf8)
        try await work(file.path)
    }

    @Test func accountIsReadFromAFile() async throws {
        let account = #"{"senderIds": ["Shop"], "balance": 0.02, "prices": {"SG": 0.02, "other": 1}}"#
        try await Self.withFile(account) { file async throws in
            try await Program.withEmulator(["--accept-any", "--account", file]) { url async throws in
                #expect(try await Self.send("one", to: url).contains(#""ResponseCode":"OK""#))
                #expect(try await Self.send("two", to: url).contains("AMOUNT_NOT_ENOUGH"))
            }
            // Options override the values in the file.
            try await Program.withEmulator(["--accept-any", "--account", file, "--balance", "0.01"]) {
                url async throws in
                #expect(try await Self.send("one", to: url).contains("AMOUNT_NOT_ENOUGH"))
            }
        }
        let user = #"{"users": [{"name": "app", "accessKeyId": "app-id", "accessKeySecret": "app-secret"}]}"#
        try await Self.withFile(user) { file async throws in
            // If the file contains users, no other AccessKey is required.
            try await Program.withEmulator(["--account", file]) { url async throws in
                #expect(try await Self.send("one", to: url).contains("IncompleteSignature"))
            }
        }
    }

    @Test func invalidAccountIsNamedByItsPath() async throws {
        try await Self.withFile(#"{"users": [{"name": "app", "secret": "hidden"}]}"#) { file async throws in
            let run = try await Program.run(["emulator", "--account", file])
            #expect(run.status == 64 && run.errors.contains("users[0].secret is not known here"), "\(run)")
            #expect(!run.errors.contains("hidden"))
        }
    }

    @Test func namespacesAndCursorsIsolateTests() async throws {
        try await Program.withEmulator(["--accept-any"]) { url async throws in
            func otp(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Run {
                var environment = environment
                environment["OTP_INBOX_URL"] = url
                return try await Program.run(["inbox"] + arguments, environment: environment)
            }
            try await Self.send("code 1111", to: url, key: "team-a")
            try await Self.send("code 2222", to: url, namespace: "job-7")
            let number = "+65 9123 4567"
            #expect(try await otp("wait", number, "--code", "--namespace", "team-a").output == "1111\n")
            let own = try await otp("wait", number, "--code", environment: ["OTP_INBOX_NAMESPACE": "job-7"])
            #expect(own.output == "2222\n")
            #expect(try await otp("list").lines.count == 2)
            let cursor = try #require(try await otp("cursor").lines.first)
            let nothing = try await otp("wait", number, "--code", "--after", cursor, "--timeout", "0.1")
            #expect(nothing.status == 2, "\(nothing)")
            try await Self.send("code 3333", to: url, key: "team-a")
            #expect(try await otp("wait", number, "--code", "--after", cursor).output == "3333\n")
            #expect(try await otp("list", "--after", cursor).lines.count == 1)
            #expect(try await otp("cursor", "--json").output.contains(#""cursor":"#))
            #expect(try await otp("show", "2", "--namespace", "team-a").status == 2)
            #expect(try await otp("clear", "--namespace", "team-a").status == 0)
            #expect(try await otp("list").lines.count == 1)
            #expect(try await otp("list", "--namespace", "a b").status == 78)
        }
    }

    @Test func inboxBeyondLoopbackRequiresAToken() async throws {
        let secret = ["OTP_INBOX_TOKEN": Self.token]
        try await Program.withEmulator(["--accept-any", "--host", "0.0.0.0"], environment: secret) { url async throws in
            #expect(url.hasPrefix("http://127.0.0.1:"))
            try await Self.send("code 1111", to: url)
            let list = ["inbox", "list", "--inbox-url", url]
            let refused = try await Program.run(list)
            #expect(refused.status == 78 && refused.errors.contains("OTP_INBOX_TOKEN"), "\(refused)")
            #expect(try await Program.run(list, environment: secret).lines.count == 1)
            let wrong = try await Program.run(list, environment: ["OTP_INBOX_TOKEN": "a-token-that-is-wrong"])
            #expect(wrong.status == 78 && !wrong.errors.contains("a-token"), "\(wrong)")
        }
        try await Self.otherMachines(secret)
        let short = try await Program.run(["emulator", "--accept-any"], environment: ["OTP_INBOX_TOKEN": "short"])
        #expect(short.status == 78 && short.errors.contains("16 to 256"), "\(short)")
    }

    /// The address 0.0.0.0 is not a loopback address, so it counts as another machine, although it reaches this machine.
    private static func otherMachines(_ secret: [String: String]) async throws {
        let arguments = ["--accept-any", "--host", "0.0.0.0", "--allowed-host", "0.0.0.0"]
        try await Program.withEmulator(arguments, environment: secret) { url async throws in
            try await Self.send("code 1111", to: url)
            let other = url.replacing("127.0.0.1", with: "0.0.0.0")
            func list(_ variables: [String: String]) async throws -> Program.Run {
                try await Program.run(["inbox", "list"], environment: secret.merging(variables) { $1 })
            }
            #expect(try await list(["OTP_SMS_ENDPOINT": url]).lines.count == 1)
            let kept = try await list(["OTP_SMS_ENDPOINT": other])
            #expect(kept.status == 78 && kept.errors.contains("OTP_INBOX_URL"), "\(kept)")
            #expect(try await list(["OTP_SMS_ENDPOINT": other, "OTP_INBOX_URL": other]).lines.count == 1)
            let option = ["inbox", "list", "--inbox-url", other]
            #expect(try await Program.run(option, environment: secret).lines.count == 1)
        }
    }
}
