// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import ArgumentParser
import Foundation
import Logging
import OTPEnvironment
import UnixSignals

struct EmulatorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var url: String
    }

    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Run only the emulated gateway with its inbox.",
        discussion: """
            The same address also serves the Security Token Service and the metadata service of an ECS instance. The \
            gateway accepts their temporary AccessKeys.

            Without --access-key, the AccessKey of the environment is accepted, unless --account lists users or \
            --accept-any is set. Use invented keys: all users of the machine can read the command line.

            The emulator listens on 127.0.0.1. With --host, other machines can connect: the page and the REST API then \
            require the token in OTP_INBOX_TOKEN, and accept only the host names of --allowed-host.

            The file of --account describes users, policies, roles, templates, signatures and prices. The file of \
            --faults has the JSON of PUT /api/v1/faults. Messages to some numbers always fail: see Docs/EmulatorFaults.md.

            EXAMPLES
              otp emulator --access-key testid:testsecret
              otp emulator --account account.json
              OTP_INBOX_TOKEN=… otp emulator --host 0.0.0.0 --allowed-host emulator
              otp emulator --balance 1.50 --qps SendMessageToGlobe=5 --faults faults.json
              otp emulator --report-url http://127.0.0.1:8080/hooks/abcdefghijklmnop
              otp emulator --port 8026 --access-key id1:secret1 --access-key id2:s2:t2

            ENVIRONMENT
              ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET,
              ALIBABA_CLOUD_SECURITY_TOKEN, OTP_INBOX_TOKEN
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Option(help: "The address or name to listen on. Addresses other than loopback require OTP_INBOX_TOKEN.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 selects a free port.")
    var port = 0

    @Option(
        name: .customLong("allowed-host"),
        help: ArgumentHelp(
            "A host name of the page and the REST API, in addition to loopback; may be repeated.",
            valueName: "name"
        )
    )
    var allowedHosts: [String] = []

    @Option(
        name: .customLong("access-key"),
        help: ArgumentHelp("An accepted AccessKey; may be repeated.", valueName: "id:secret[:token]")
    )
    var accessKeys: [String] = []

    @OptionGroup var options: EmulatorOptions

    func run() async throws {
        try await self.common.run(logging: .warning) { output in
            var configuration = try self.options.configuration()
            let settings = try self.sources.settings()
            configuration.host = self.host
            configuration.port = self.port
            configuration.allowedHosts = self.allowedHosts
            configuration.token = try settings.inboxToken()
            configuration.accessKeys = try self.credentials(settings, hasUsers: !configuration.users.isEmpty)
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
            let roles = configuration.roles.isEmpty ? "any role" : "only a role of the account file"
            try await withEmulator(configuration) { server in
                let lines = """
                    SMS gateway  \(server.baseURL)  (OTP_SMS_ENDPOINT)
                    Inbox        \(server.baseURL)/
                    STS          \(server.baseURL)  (OTP_STS_ENDPOINT; \(roles) can be assumed)
                    Metadata     \(server.baseURL)  (OTP_METADATA_ENDPOINT)
                    Credentials  \(server.credentialsURI)  (ALIBABA_CLOUD_CREDENTIALS_URI)
                    """
                let warning =
                    configuration.gateway.acceptsAnyRequest
                    ? "\n\nWARNING: REQUESTS ARE NOT AUTHENTICATED. The real gateway may reject requests that succeed here."
                    : ""
                try output.show(Report(url: server.baseURL), lines: lines + warning)
                for await _ in signals { break }
            }
        }
    }

    private func credentials(_ settings: OTPSettings, hasUsers: Bool) throws -> [AlibabaCredential] {
        if self.accessKeys.isEmpty && (self.options.acceptAny || hasUsers) { return [] }
        guard !self.accessKeys.isEmpty else { return [try Self.credential(of: settings)] }
        var credentials: [AlibabaCredential] = []
        for (position, text) in self.accessKeys.enumerated() {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count) else {
                throw CommandFailure.usage("--access-key number \(position + 1) is not ID:SECRET or ID:SECRET:TOKEN")
            }
            do {
                let token = parts.count == 3 ? parts[2] : nil
                credentials.append(
                    try AlibabaCredential(accessKeyID: parts[0], accessKeySecret: parts[1], securityToken: token)
                )
            } catch {
                throw CommandFailure.usage("--access-key number \(position + 1) cannot be used: \(error.message)")
            }
        }
        return credentials
    }

    private static func credential(of settings: OTPSettings) throws -> AlibabaCredential {
        do throws(OTPSettingsError) {
            if let credential = try settings.credential { return credential }
        } catch {
            guard error.code == .missing else { throw error }
        }
        throw CommandFailure.usage("no AccessKey: use --access-key or the environment")
    }
}
