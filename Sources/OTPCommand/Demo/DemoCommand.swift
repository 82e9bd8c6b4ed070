// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import Foundation
import Logging
import UnixSignals

extension DemoWorld.StoreChoice: ExpressibleByArgument {}

struct DemoCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var pageURL: String
        var adminURL: String
        var serviceURL: String
        var inboxURL: String
        var store: String
        var environmentFile: String?
    }

    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run everything on this machine: a registration page, a private Redis and the emulated gateway.",
        discussion: """
            Open the printed URL in a browser to register a phone number. No real message is sent, and a running Redis is \
            not touched. Ctrl-C stops and removes everything.

            EXAMPLES
              otp demo --once
              otp demo --env-file .otp-demo.env
              . ./.otp-demo.env                     # in another terminal
              curl -i "$OTP_SERVICE_URL/v1/verifications" -H "Authorization: Bearer $OTP_API_KEY" \\
                -H 'Content-Type: application/json' -d '{"number": "+65 9123 4567", "purpose": "sign-in"}'

            ENVIRONMENT
              TMPDIR  the parent of the private Redis' folder; default /tmp
              Keys and AccessKey are random in each run.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "Write export lines for another terminal to this file, and remove it at the end.",
            valueName: "file"
        )
    )
    var envFile: String?

    @Flag(help: "Run issue, message and verify once, and exit 0 if all steps passed.")
    var once = false

    @Option(help: "The port of gateway and inbox on 127.0.0.1; 0 selects a free port.")
    var port = 0

    @Option(
        help: ArgumentHelp(
            "The port of the registration page and the HTTP service on 127.0.0.1; 0 selects a free port.",
            valueName: "port"
        )
    )
    var servicePort = 0

    @Option(help: "The store: redis or memory; default redis if it is installed.")
    var store: DemoWorld.StoreChoice?

    func validate() throws {
        guard !self.once || self.envFile == nil else {
            throw ValidationError("--env-file cannot be combined with --once, which leaves nothing running")
        }
    }

    func run() async throws {
        try await self.common.run(logging: .warning) { output in
            guard !self.once else {
                return try await DemoWorld.run(store: self.store, port: self.port) { world in
                    try await DemoPlay(world: world, output: output).run()
                }
            }
            // A signal during the start is handled after the start, so that all parts of the demo are stopped in order.
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
            try await DemoWorld.run(store: self.store, port: self.port) { world in
                try await DemoService.run(world, port: self.servicePort) { service in
                    let file = self.envFile.map { world.adding(service.variables).environmentFile($0) }
                    try file?.write()
                    defer { file?.remove() }
                    try self.announce(world, service, output)
                    for await _ in signals { break }
                    output.note("stopping")
                }
            }
        }
    }

    private func announce(_ world: DemoWorld, _ service: DemoService, _ output: Output) throws {
        let report = Report(
            pageURL: service.pageURL,
            adminURL: service.adminURL,
            serviceURL: service.url,
            inboxURL: world.emulator.baseURL,
            store: world.storeText,
            environmentFile: self.envFile
        )
        let head = """
            otp demo: everything on this machine, no real message is sent

              Open in a browser:  \(service.pageURL)

              Inbox        \(world.emulator.baseURL)/
              HTTP API     \(service.url)/v1/verifications
              Operators    \(service.adminURL)  (sign in with OTP_ADMIN_KEY of --env-file)
              SMS gateway  \(world.emulator.baseURL)  (emulator of Alibaba Cloud SMS, signatures checked)
              Store        \(world.storeText)
            """
        let hint = world.commands(environmentFile: self.envFile).map { "  \($0)" }.joined(separator: "\n")
        try output.show(report, lines: "\(head)\n\n\(hint)\n\nCtrl-C stops and removes everything.")
    }
}

extension DemoWorld {
    /// The description of the store in the output.
    var storeText: String {
        switch self.store {
        case .redis(let url, let version): "redis \(version ?? ""), private, \(url), erased at the end"
        case .memory(let loss): "memory; \(loss)"
        }
    }

    func environmentFile(_ path: String) -> EnvironmentFile {
        var comments: [String] = []
        if case .memory(let loss) = self.store { comments.append("There is no OTP_REDIS_URL: \(loss).") }
        return EnvironmentFile(path: path, variables: self.variables, comments: comments)
    }

    /// Returns example commands that the user can run in another terminal.
    func commands(environmentFile: String?) -> [String] {
        let otp = Self.programName
        let number = "'+65 9123 4567'"
        guard case .redis = self.store else {
            return ["In another terminal:", "  \(otp) inbox list --inbox-url \(self.emulator.baseURL)"]
        }
        guard let environmentFile else {
            return [
                "In another terminal:", "  \(otp) inbox list --inbox-url \(self.emulator.baseURL)",
                "To issue and verify there, start with: \(otp) demo --env-file .otp-demo.env",
            ]
        }
        let source = environmentFile.contains("/") ? environmentFile : "./\(environmentFile)"
        return [
            "In another terminal:", "  . \(EnvironmentFile.quoted(source))", "  TOKEN=$(\(otp) issue \(number))",
            "  \(otp) inbox wait \(number) --code", "  \(otp) verify \(number) \"$TOKEN\" CODE",
        ]
    }

    /// The path of this program; a relative path if the program is in the current folder.
    private static var programName: String {
        let name = CommandLine.arguments.first ?? "otp"
        let folder = FileManager.default.currentDirectoryPath + "/"
        return name.hasPrefix(folder) ? String(name.dropFirst(folder.count)) : name
    }
}
