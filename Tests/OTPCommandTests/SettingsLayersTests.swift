// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTP
import OTPEnvironment
import SystemPackage
import Testing

@testable import OTPCommand

/// Tests of the sources of settings and their precedence.
@Suite struct SettingsLayersTests {
    private static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Returns settings with a folder that contains a YAML file and secret files.
    private static func settings(
        in folder: String,
        _ yaml: String,
        secrets: [String: String] = [:],
        options: [Variable: String] = [:],
        environment: [String: String] = [:]
    ) throws -> OTPSettings {
        try self.write(yaml, to: folder + "/otp.yaml")
        for (name, text) in secrets { try self.write(text, to: "\(folder)/\(name)") }
        let locations = ["OTP_CONFIG": folder + "/otp.yaml", "OTP_SECRETS_DIRECTORY": folder]
        let layers = try SettingsLayers(options: options, environment: environment.merging(locations) { old, _ in old })
        #expect(layers.problems.isEmpty)
        return layers.settings
    }

    @Test func eachSourceOverridesTheLaterOnes() async throws {
        try await withFolder { folder in
            let yaml = "brand: YAML\norigin: yaml.example\nresend: renew\naudit: log\n"
            let secrets = ["OTP_BRAND": "Secret\n", "OTP_ORIGIN": "secret.example\n", "OTP_RESEND": " repeat \n"]
            let environment = ["OTP_BRAND": "Environment", "OTP_ORIGIN": "environment.example", "OTP_RESEND": ""]
            let settings = try Self.settings(
                in: folder,
                yaml,
                secrets: secrets,
                options: [.brand: "Option", .languages: ""],
                environment: environment
            )
            func found(_ variable: Variable) -> [String?] {
                [settings.value(variable), settings.source(of: variable)?.description]
            }
            #expect(found(.brand) == ["Option", "the options"])
            #expect(found(.origin) == ["environment.example", "the environment"])
            #expect(found(.resend) == ["repeat", folder + "/OTP_RESEND"])
            #expect(found(.audit) == ["log", folder + "/otp.yaml:4"])
            #expect(found(.profile) == [nil, nil] && found(.languages) == [nil, nil])
        }
    }

    @Test func secretFileOfAKubernetesVolumeIsRead() async throws {
        try await withFolder { folder in
            // Kubernetes replaces all files of a volume at once by changing the symbolic link ..data.
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder + "/..version", withIntermediateDirectories: false)
            try Self.write("Acme", to: folder + "/..version/OTP_BRAND")
            try manager.createSymbolicLink(atPath: folder + "/..data", withDestinationPath: "..version")
            try manager.createSymbolicLink(atPath: folder + "/OTP_BRAND", withDestinationPath: "..data/OTP_BRAND")
            #expect(try Self.settings(in: folder, "").value(.brand) == "Acme")
        }
    }

    /// Replaces the version of a Kubernetes volume.
    ///
    /// The files contain the name of the version, or are pipes.
    private static func replaceVersion(in folder: String, by version: String, asPipes: Set<String> = []) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(folder)/..\(version)", withIntermediateDirectories: false)
        for name in ["OTP_BRAND", "OTP_ORIGIN"] {
            let path = "\(folder)/..\(version)/\(name)"
            if asPipes.contains(name) { #expect(mkfifo(path, 0o600) == 0) } else { try self.write(version, to: path) }
        }
        try manager.createSymbolicLink(atPath: folder + "/..data_tmp", withDestinationPath: "..\(version)")
        #expect(rename(folder + "/..data_tmp", folder + "/..data") == 0)
    }

    /// Waits until a reader has opened a pipe, calls a closure, and writes to the pipe.
    private static func write(_ text: String, toPipe path: String, after work: () throws -> Void) async throws {
        var writer: FileDescriptor?
        try await poll("a reader of \(path)") {
            writer = try? FileDescriptor.open(FilePath(path), .writeOnly, options: .nonBlocking)
            return writer != nil
        }
        let pipe = try #require(writer)
        try work()
        try pipe.closeAfter { _ = try pipe.writeAll(text.utf8) }
    }

    /// Reads secret files on a new thread.
    private static func secretFiles(_ folder: String) async throws -> SecretFiles {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try SecretFiles(directory: folder, variables: [.brand, .origin]) }
                )
            }
        }
    }

    private static func linkFiles(in folder: String) throws {
        for name in ["OTP_BRAND", "OTP_ORIGIN"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)",
                withDestinationPath: "..data/\(name)"
            )
        }
    }

    @Test func secretFilesOfTwoVersionsAreNotMixed() async throws {
        try await withFolder { folder in
            try Self.linkFiles(in: folder)
            try Self.replaceVersion(in: folder, by: "one", asPipes: ["OTP_BRAND"])
            async let files = Self.secretFiles(folder)
            try await Self.write("one", toPipe: folder + "/..one/OTP_BRAND") {
                try Self.replaceVersion(in: folder, by: "two")
                try FileManager.default.removeItem(atPath: folder + "/..one")
            }
            #expect(try await files.values == ["OTP_BRAND": "two", "OTP_ORIGIN": "two"])
        }
    }

    @Test func secretFilesOfAReplacedDirectoryAreNotMixed() async throws {
        try await withFolder { folder in
            for version in ["one", "two"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(version)",
                    withIntermediateDirectories: false
                )
                try Self.write(version, to: "\(folder)/\(version)/OTP_ORIGIN")
            }
            #expect(mkfifo(folder + "/one/OTP_BRAND", 0o600) == 0)
            let link = folder + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "one")
            async let files = Self.secretFiles(link)
            try await Self.write("one", toPipe: folder + "/one/OTP_BRAND") {
                try FileManager.default.createSymbolicLink(atPath: link + "_tmp", withDestinationPath: "two")
                #expect(rename(link + "_tmp", link) == 0)
            }
            #expect(try await files.values == ["OTP_ORIGIN": "two"])
        }
    }

    @Test func secretFilesThatAreReplacedAgainAndAgainAreAnError() async throws {
        try await withFolder { folder in
            try Self.linkFiles(in: folder)
            try Self.replaceVersion(in: folder, by: "0", asPipes: ["OTP_BRAND"])
            async let result = asyncResult { try await Self.secretFiles(folder) }
            for version in 0..<SecretFiles.maximumReads {
                try await Self.write("x", toPipe: folder + "/..\(version)/OTP_BRAND") {
                    try Self.replaceVersion(in: folder, by: "\(version + 1)", asPipes: ["OTP_BRAND"])
                }
            }
            let outcome = await result
            let error = #expect(throws: OTPSettingsError.self) { try outcome.get() }
            #expect(error?.variable == "OTP_SECRETS_DIRECTORY")
        }
    }

    @Test func fileWithoutAnEndIsRefused() async throws {
        try await withFolder { folder in
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/OTP_KEYS", withDestinationPath: "/dev/zero")
            for (options, variable) in [
                ([Variable.secretsDirectory: folder], Variable.keys), ([.settingsFile: "/dev/zero"], .settingsFile),
            ] {
                let error = #expect(throws: OTPSettingsError.self) {
                    try SettingsLayers(options: options, environment: [:])
                }
                #expect(error?.variable == variable.name && error?.problem.contains("larger than 1 MiB") == true)
            }
            let run = try await Program.run(["emulator", "--account", "/dev/zero"])
            #expect(run.status == 64 && run.errors.contains("larger than 1 MiB"), "\(run)")
        }
    }

    @Test func invalidValueNamesItsSource() async throws {
        try await withFolder { folder in
            let settings = try Self.settings(
                in: folder,
                "codeLength: 5\n\nguard:\n  prices: {Mars: 1}\n",
                secrets: ["OTP_KEYS": "c2VjcmV0LXZhbHVl"],
                options: [.countries: "Mars"],
                environment: ["OTP_RESEND": "never"]
            )
            let problems = await settings.problems()
            let texts = problems.map(\.description).map { $0.replacing(folder, with: "F") }
            for start in [
                "OTP_CODE_LENGTH, from F/otp.yaml:1, cannot be used: it must have 6 to 10 digits",
                "OTP_GUARD, from F/otp.yaml:3, cannot be used: prices.Mars: it is not a region",
                "OTP_KEYS, from F/OTP_KEYS, cannot be used: ",
                "OTP_COUNTRIES, from the options, cannot be used: entry 1 is not a region",
                "OTP_RESEND, from the environment, cannot be used: it is not a resend policy",
                "OTP_REDIS_URL is not set",
            ] { #expect(texts.contains { $0.hasPrefix(start) }, "\(start): \(texts)") }
            #expect(!texts.joined().contains("c2VjcmV0"))
        }
    }

    @Test func proxyOfTheEnvironmentKeepsItsSpelling() async throws {
        try await withFolder { folder in
            let yaml = "httpsProxy: http://yaml.test:1\n"
            let lower = try Self.settings(in: folder, yaml, environment: ["https_proxy": "http://lower.test:1"])
            #expect(try lower.proxy?.host == "lower.test")
            #expect(try Self.settings(in: folder, yaml).proxy?.host == "yaml.test")
            let invalid = try Self.settings(in: folder, yaml, environment: ["https_proxy": "socks5://a"])
            let error = #expect(throws: OTPSettingsError.self) { try invalid.proxy }
            #expect(error?.description.hasPrefix("https_proxy, from the environment, cannot be used") == true)
        }
    }

    @Test func missingFilesAreNamed() async throws {
        try await withFolder { folder in
            for (variable, path) in [
                (Variable.settingsFile, folder + "/none.yaml"), (.secretsDirectory, folder + "/none"),
            ] {
                let error = #expect(throws: OTPSettingsError.self) {
                    try SettingsLayers(options: [variable: path], environment: [:])
                }
                #expect(error?.variable == variable.name && error?.problem.contains(path) == true)
            }
            try FileManager.default.createDirectory(atPath: folder + "/OTP_KEYS", withIntermediateDirectories: false)
            let error = #expect(throws: OTPSettingsError.self) {
                try SettingsLayers(options: [.secretsDirectory: folder], environment: [:])
            }
            #expect(error?.variable == "OTP_KEYS" && error?.source == folder + "/OTP_KEYS")
        }
    }

    @Test func otherVariablesOfTheEnvironmentAreKept() throws {
        let environment = ["ALIBABA_CLOUD_PROFILE": "ops", "HOME": "/home/a"]
        let settings = try SettingsLayers(options: [:], environment: environment).settings
        #expect(settings.value("ALIBABA_CLOUD_PROFILE") == "ops" && settings.value("HOME") == "/home/a")
    }
}
