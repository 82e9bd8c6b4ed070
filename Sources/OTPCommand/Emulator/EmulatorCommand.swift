import AlibabaSMS
import AlibabaSMSEmulator
import ArgumentParser
import Foundation
import UnixSignals

struct EmulatorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var url: String
    }

    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Run the emulated gateway with its inbox alone.",
        discussion: """
            At the same address are the Security Token Service and the metadata service of an ECS instance, whose
            temporary access keys the gateway takes.

            Without --access-key it knows the access key of the environment. Give it keys that were made up: those on a
            command line are seen by everyone on the machine.

            It listens on 127.0.0.1. With --host others reach it, too: then the page and the REST API require the token in
            OTP_INBOX_TOKEN, and answer under the names of --allowed-host only.

            A file for --account describes users, policies, roles, templates, signatures and prices.
            A file for --faults holds the JSON of PUT /api/v1/faults. Some numbers fail without any
            rule: see Docs/Emulator.md.

            EXAMPLES
              otp emulator --access-key testid:testsecret
              otp emulator --account account.json
              OTP_INBOX_TOKEN=… otp emulator --host 0.0.0.0 --port 8026 --allowed-host emulator
              otp emulator --balance 1.50 --qps SendMessageToGlobe=5 --faults faults.json
              otp emulator --report-url http://127.0.0.1:8080/hooks/abcdefghijklmnop
              otp emulator --port 8026 --access-key id1:secret1 --access-key id2:s2:t2

            ENVIRONMENT
              ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET,
              ALIBABA_CLOUD_SECURITY_TOKEN
              OTP_INBOX_TOKEN
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The address or name on which it listens; any but a loopback one requires OTP_INBOX_TOKEN.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port = 0

    @Option(
        name: .customLong("allowed-host"),
        help: ArgumentHelp(
            "A host name under which the page and the REST API are served, besides loopback; may be repeated.",
            valueName: "name"
        )
    )
    var allowedHosts: [String] = []

    @Option(
        name: .customLong("access-key"),
        help: ArgumentHelp("An access key that it knows; may be repeated.", valueName: "id:secret[:token]")
    )
    var accessKeys: [String] = []

    @OptionGroup var options: EmulatorOptions

    func run() async throws {
        try await self.common.run { output in
            var configuration = try self.options.configuration()
            configuration.host = self.host
            configuration.port = self.port
            configuration.allowedHosts = self.allowedHosts
            configuration.token = try Settings.environment.inboxToken()
            configuration.accessKeys = try self.credentials(hasUsers: !configuration.users.isEmpty)
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
            try await withEmulator(configuration) { server in
                let lines = """
                    SMS gateway  \(server.baseURL)  (OTP_SMS_ENDPOINT)
                    Inbox        \(server.baseURL)/
                    STS          \(server.baseURL)  (OTP_STS_ENDPOINT; any role can be assumed)
                    Metadata     \(server.baseURL)  (OTP_METADATA_ENDPOINT)
                    Credentials  \(server.credentialsURI)  (ALIBABA_CLOUD_CREDENTIALS_URI)
                    """
                let warning =
                    configuration.gateway.acceptsAnyRequest
                    ? "\n\nWARNING: ANY REQUEST IS TAKEN, SIGNED OR NOT. What works here need not work on the real gateway."
                    : ""
                try output.show(Report(url: server.baseURL), lines: lines + warning)
                for await _ in signals { break }
            }
        }
    }

    private func credentials(hasUsers: Bool) throws(CommandFailure) -> [AlibabaCredential] {
        if self.accessKeys.isEmpty && (self.options.acceptAny || hasUsers) { return [] }
        guard !self.accessKeys.isEmpty else { return [try Self.credentialOfEnvironment()] }
        var credentials: [AlibabaCredential] = []
        for (position, text) in self.accessKeys.enumerated() {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count) else {
                throw .usage("--access-key number \(position + 1) is not ID:SECRET or ID:SECRET:TOKEN")
            }
            do {
                let token = parts.count == 3 ? parts[2] : nil
                credentials.append(
                    try AlibabaCredential(accessKeyID: parts[0], accessKeySecret: parts[1], securityToken: token)
                )
            } catch {
                throw .usage("--access-key number \(position + 1) cannot be used: \(error.message)")
            }
        }
        return credentials
    }

    private static func credentialOfEnvironment() throws(CommandFailure) -> AlibabaCredential {
        do {
            if let credential = try Settings.environment.credential() { return credential }
        } catch {
            guard error.code == "missingSetting" else { throw error }
        }
        throw .usage("there is no access key: give one with --access-key, or in the environment")
    }
}
