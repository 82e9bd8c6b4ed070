// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tests that `otp` uses the proxy of the environment, and never shows the proxy's password.
struct ProxyTests {
    /// Returns the result for the gateway from the output of `otp doctor`.
    static func gateway(_ environment: [String: String]) async throws -> (
        check: CredentialTests.Report.Check, all: String
    ) {
        var environment = environment
        environment["OTP_SMS_ENDPOINT"] = environment["OTP_SMS_ENDPOINT"] ?? "https://gateway.test"
        environment["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
        let run = try await Program.run(["doctor", "--json"], environment: environment)
        let checks = try run.json(CredentialTests.Report.self).checks
        return (try #require(checks.first { $0.check == "gateway" }), "\(run)")
    }

    @Test("The doctor names the proxy without its password", arguments: ["HTTPS_PROXY", "https_proxy"])
    func proxy(_ variable: String) async throws {
        let result = try await Self.gateway([variable: "http://me:s3cret@127.0.0.1:1"])
        #expect(result.check.verdict == "fail")
        #expect(result.check.value.contains("does not respond through the proxy 127.0.0.1:1"))
        #expect(!result.all.contains("s3cret"))
    }

    @Test("A proxy that cannot be used is reported with its variable", arguments: ["socks5://me:s3cret@a", "http://"])
    func unusable(_ url: String) async throws {
        let result = try await Self.gateway(["HTTPS_PROXY": url])
        #expect(result.check.verdict == "fail")
        #expect(result.check.value.contains("HTTPS_PROXY"))
        #expect(!result.all.contains("s3cret"))
    }

    @Test(
        "An exception that cannot be used is a fault of its variable",
        arguments: ["NO_PROXY", "no_proxy"],
        ["10.0.0.0/33", "10.0.0.0/255.0.0.0", "corp/8", "a.test:https"]
    )
    func unusableException(_ variable: String, _ exception: String) async throws {
        let environment = ["HTTPS_PROXY": "http://me:s3cret@127.0.0.1:1", variable: "a.test,\(exception)"]
        let result = try await Self.gateway(environment)
        #expect(result.check.verdict == "fail")
        #expect(
            result.check.value.contains(
                "\(variable), from the environment, cannot be used: entry 2, \(exception), is not"
            )
        )
        #expect(!result.all.contains("s3cret"))
    }

    @Test("Excepted hosts and loopback are reached without the proxy")
    func direct() async throws {
        for (endpoint, exceptions) in [("https://gateway.test", "gateway.test"), ("https://127.0.0.1:1", "")] {
            let result = try await Self.gateway([
                "HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": exceptions, "OTP_SMS_ENDPOINT": endpoint,
            ])
            #expect(result.check.value.contains("does not respond: "))
        }
    }
}
