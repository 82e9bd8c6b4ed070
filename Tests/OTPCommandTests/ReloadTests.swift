// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OTP
import OTPServer
import Subprocess
import SystemPackage
import Testing

/// Tests of the settings that `otp serve` reloads after SIGHUP.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReloadTests {
    private static let secret = "c2VjcmV0LXZhbHVl"

    /// A running service whose settings are in a folder.
    private struct Service {
        let folder: String
        let url: String
        let signal: () throws -> Void

        /// Replaces the YAML file, and sends SIGHUP.
        func reload(_ yaml: String) throws {
            try yaml.write(toFile: self.folder + "/otp.yaml", atomically: true, encoding: .utf8)
            try self.signal()
        }

        /// Waits for a text in the log.
        func log(contains text: String) async throws -> String {
            var log = ""
            try await poll(text) {
                log = try String(contentsOfFile: self.folder + "/log", encoding: .utf8)
                return log.contains(text)
            }
            return log
        }

        func issue(_ number: String, key: String) async throws -> (status: Int, text: String) {
            var request = HTTPClientRequest(url: self.url + "/v1/verifications")
            request.method = .POST
            request.headers = ["authorization": "Bearer \(key)", "content-type": "application/json"]
            request.body = .bytes(Array(#"{"number":"\#(number)","purpose":"sign-in"}"#.utf8))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }
    }

    /// Runs a closure with a service whose secrets are in files, and returns the log.
    private static func serve(
        _ demo: Demo,
        _ yaml: String,
        _ work: (Service) async throws -> Void
    ) async throws -> String {
        try await withFolder { folder in
            var environment = demo.environment
            // The environment of the demo would override the file.
            environment["OTP_COUNTRIES"] = nil
            environment["OTP_GUARD"] = nil
            environment["OTP_CONFIG"] = folder + "/otp.yaml"
            environment["OTP_SECRETS_DIRECTORY"] = folder
            for name in ["OTP_KEYS", "OTP_REDIS_URL"] {
                try environment.removeValue(forKey: name)?
                    .write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            try yaml.write(toFile: folder + "/otp.yaml", atomically: true, encoding: .utf8)
            let log = try FileDescriptor.open(
                FilePath(folder + "/log"),
                .writeOnly,
                options: [.create, .append],
                permissions: .ownerReadWrite
            )
            let result = try await Subprocess.run(
                .path(FilePath(Program.path)),
                arguments: ["serve", "--listen", "127.0.0.1:0"],
                environment: Program.environment(environment),
                input: .none,
                output: .sequence,
                error: .fileDescriptor(log, closeAfterSpawningProcess: true)
            ) { execution in
                var first = ""
                for try await line in execution.standardOutput.strings() {
                    first = line
                    break
                }
                let url = try #require(first.split(separator: " ").last.map { $0.filter { !$0.isWhitespace } })
                try await work(Service(folder: folder, url: url) { try execution.send(signal: Signal(rawValue: 1)) })
                try execution.send(signal: .terminate)
            }
            #expect(Program.status(result.terminationStatus) == 0)
            return try String(contentsOfFile: folder + "/log", encoding: .utf8)
        }
    }

    @Test func newSettingsApplyToLaterRequests() async throws {
        let (first, firstText) = try APIKey.generate(id: "first", scopes: [.issue])
        let (second, secondText) = try APIKey.generate(id: "second", scopes: [.issue])
        try await Demo.run { demo in
            let log = try await Self.serve(demo, "countries: [SG]\napiKeys: \(first.entry)\n") { service in
                #expect(try await service.issue("+6591234567", key: firstText).status == 201)
                #expect(try await service.issue("+447700900123", key: firstText).status == 403)
                try service.reload(
                    """
                    countries: [SG, GB]
                    apiKeys: \(second.entry)
                    codeLength: 8
                    logLevel: info
                    guard: {rules: {unverified-region: {mode: monitor}}, prices: {other: 1}}
                    """
                )
                _ = try await service.log(contains: "Settings loaded")
                #expect(try await service.issue("+447700900123", key: firstText).status == 401)
                let issued = try await service.issue("+447700900123", key: secondText)
                #expect(issued.status == 201 && issued.text.contains(#""codeLength":8"#), "\(issued)")
                #expect(try await demo.code("+447700900123").count == 8)
                _ = try await service.log(contains: "Request finished")
            }
            #expect(
                !log.contains("Settings need a restart") && !log.contains(secondText) && !log.contains("7700900123")
            )
        }
    }

    @Test func invalidSettingsChangeNothing() async throws {
        let (key, text) = try APIKey.generate(id: "web", scopes: [.issue])
        let valid = "countries: [SG]\napiKeys: \(key.entry)\n"
        try await Demo.run { demo in
            _ = try await Self.serve(demo, valid) { service in
                for (yaml, problem) in [
                    (valid + "codeLength: 5\n", "OTP_CODE_LENGTH, from \(service.folder)/otp.yaml:3, cannot be used"),
                    (valid + "kyes: \(Self.secret)\n", "kyes, from \(service.folder)/otp.yaml:3, cannot be used"),
                    (
                        valid + "guard: {prices: {Mars: 1}}\n",
                        "OTP_GUARD, from \(service.folder)/otp.yaml:3, cannot be used"
                    ),
                    (
                        "countries: [GB]\napiKeys: \(Self.secret)\n",
                        "OTP_API_KEYS, from \(service.folder)/otp.yaml:2, cannot"
                    ),
                    ("brand: '", "OTP_CONFIG cannot be used: \(service.folder)/otp.yaml:1: it is not YAML"),
                ] {
                    try service.reload(yaml)
                    let log = try await service.log(contains: problem)
                    #expect(!log.contains(Self.secret))
                    #expect(try await service.issue("+447700900123", key: text).status == 403)
                }
                #expect(try await service.issue("+6591234567", key: text).status == 201)
            }
        }
    }

    @Test func settingThatNeedsARestartIsNamed() async throws {
        let (key, _) = try APIKey.generate(id: "web", scopes: [.issue])
        let yaml = "countries: [SG]\napiKeys: \(key.entry)\n"
        try await Demo.run { demo in
            _ = try await Self.serve(demo, yaml) { service in
                try service.reload(yaml + "audit: log\ndrainDelay: 5\nlogFormat: json\n")
                let log = try await service.log(contains: "Settings need a restart")
                for name in ["OTP_AUDIT", "OTP_DRAIN_DELAY", "OTP_LOG_FORMAT"] { #expect(log.contains(name)) }
                #expect(!log.contains("OTP_REDIS_URL"))
            }
        }
    }

    @Test func requestsDuringReloadsUseOneSetOfSettings() async throws {
        // Each set of settings has its own key and its own length of codes.
        let (first, firstText) = try APIKey.generate(id: "first", scopes: [.issue])
        let (second, secondText) = try APIKey.generate(id: "second", scopes: [.issue])
        let sets = [(first.entry, 6), (second.entry, 8)]
            .map {
                "countries: [SG]\napiKeys: \($0)\ncodeLength: \($1)\nsendWindows: [100/1h]\ncooldown: [1s]\n"
            }
        try await Demo.run { demo in
            _ = try await Self.serve(demo, sets[0]) { service in
                var accepted: [Int: Int] = [:]
                for round in 0..<40 {
                    try service.reload(sets[(round + 1) % 2])
                    for (key, length) in [(firstText, 6), (secondText, 8)] {
                        let number = "+659\(1_000_000 + round * 10 + length)"
                        let response = try await service.issue(number, key: key)
                        if response.status == 401 { continue }
                        accepted[length, default: 0] += 1
                        #expect(
                            response.status == 201 && response.text.contains("\"codeLength\":\(length)"),
                            "\(response)"
                        )
                    }
                }
                try await poll("a request with the last settings") {
                    try await service.issue("+6598765432", key: firstText).status != 401
                }
                #expect(accepted.values.reduce(0, +) > 0)
            }
        }
    }
}
