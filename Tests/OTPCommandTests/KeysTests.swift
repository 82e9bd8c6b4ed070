// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPEnvironment
import Testing

@testable import OTPCommand

/// Tests of the keys that `otp keys` prints.
struct KeysTests {
    /// Runs `otp keys`, and returns the value in the printed line.
    static func keys(_ arguments: [String] = [], _ current: String? = nil) async throws -> String {
        let environment = current.map { ["OTP_KEYS": $0] } ?? [:]
        let run = try await Program.run(["keys"] + arguments, environment: environment)
        try #require(run.status == 0 && run.lines.count == 1, "exit \(run.status)")
        let line = try #require(run.lines.first)
        let value = try #require(line.wholeMatch(of: /OTP_KEYS=([A-Za-z0-9+\/=,:.-]+)/)?.1)
        #expect(!run.errors.contains(value) && run.errors == "this line is secret\n")
        return String(value)
    }

    /// Returns the names of the keys, such as `code/1`.
    static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.prefix { $0 != ":" }) }
    }

    @Test func freshRingIsAcceptedAndDiffersEachTime() async throws {
        var secrets: Set<Substring> = []
        for _ in 0..<3 {
            let text = try await Self.keys()
            let ring = try OTPSettings(environment: ["OTP_KEYS": text]).keys
            #expect(ring.description == #"KeyRing(code: ["1"], index: ["1"])"#)
            secrets.formUnion(text.split(separator: ",").map { $0.drop { $0 != ":" } })
        }
        #expect(secrets.count == 6)
    }

    @Test func rotationKeepsAllSecretsUntilTheLastStep() async throws {
        for kind in ["code", "index"] {
            let old = KeyRing.makeText()
            let other = kind == "code" ? "index/1" : "code/1"
            let added = try await Self.keys(["--add", kind], old)
            #expect(Set(Self.names(added)) == ["\(kind)/1", "\(kind)/2", other])
            #expect(Self.names(added).filter { $0.hasPrefix(kind) } == ["\(kind)/1", "\(kind)/2"])
            for entry in old.split(separator: ",") { #expect(added.split(separator: ",").contains(entry)) }

            let used = try await Self.keys(["--use", kind], added)
            #expect(Self.names(used).filter { $0.hasPrefix(kind) } == ["\(kind)/2", "\(kind)/1"])
            #expect(Set(used.split(separator: ",")) == Set(added.split(separator: ",")))

            let removed = try await Self.keys(["--remove", kind], used)
            #expect(Set(Self.names(removed)) == ["\(kind)/2", other])
            #expect(Set(removed.split(separator: ",")).isSubset(of: used.split(separator: ",")))
            _ = try KeyRing(text: removed)
        }
    }

    @Test(arguments: [
        ("code/a:*,index/x:*", "code/2"), ("code/7:*,code/3:*,index/1:*", "code/8"),
        (" code/1:* , code/2.b:*,index/1:*", "code/2"), ("index/1:*,code/2:*,code/x:*,code/y:*", "code/3"),
    ])
    func newKeyHasAnUnusedName(ring: String, name: String) throws {
        var text = ring
        for secret in KeyRing.makeText().split(separator: ",").cycled(ring.count(where: { $0 == "*" })) {
            let position = try #require(text.firstIndex(of: "*"))
            text.replaceSubrange(position...position, with: secret.drop { $0 != ":" }.dropFirst())
        }
        let names = try KeyRing(text: text).description
        var changed = KeyRingText(text)
        changed.add(.code, secret: KeyRingText(KeyRing.makeText()).secret(of: .code))
        #expect(Self.names(changed.text).filter { $0.hasPrefix("code/") }.last == name, "\(names)")
        _ = try KeyRing(text: changed.text)
    }

    @Test func jsonHasTheVariable() async throws {
        let run = try await Program.run(["keys", "--json"])
        let document = try run.json([String: String].self)
        _ = try KeyRing(text: try #require(document["OTP_KEYS"]))
        #expect(document.count == 1 && run.errors.isEmpty)
    }

    @Test func rotationWithoutAValidRingExitsWith78() async throws {
        for (value, code) in [(nil, "missingSetting"), ("", "missingSetting"), ("code/1:c2VjcmV0", "unusableSetting")] {
            let environment = (value as String?).map { ["OTP_KEYS": $0] } ?? [:]
            let run = try await Program.run(["keys", "--add", "code", "--json"], environment: environment)
            #expect(run.status == 78, "\(run)")
            #expect(try run.error.code == code && !run.description.contains("c2VjcmV0"), "\(run)")
        }
    }

    @Test func stepsAreSeparateAndKindsAreNamed() async throws {
        let ring = ["OTP_KEYS": KeyRing.makeText()]
        for arguments in [["--add", "code", "--use", "code"], ["--add", "proof"], ["--rotate"], ["--add"]] {
            let run = try await Program.run(["keys"] + arguments, environment: ring)
            #expect(run.status == 64 && run.output.isEmpty, "\(run)")
        }
    }

    @Test func helpSaysThatTheOutputIsSecret() async throws {
        let run = try await Program.run(["keys", "--help"])
        #expect(run.status == 0 && run.output.contains("THE OUTPUT IS SECRET"), "\(run)")
    }
}

extension Array {
    /// Returns `count` elements, by repeating the elements of the array in order.
    fileprivate func cycled(_ count: Int) -> [Element] {
        (0..<count).map { self[$0 % self.count] }
    }
}
