// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
@preconcurrency import Foundation

/// The root command `otp`.
@main
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otp",
        abstract: "Send verification codes by text message and verify them.",
        discussion: """
            To start, without an account or any configuration:
              otp demo --once
              otp demo --env-file .otp-demo.env

            Results go to standard output, everything else to standard error.

            EXIT CODES
            \(ExitStatus.table)
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, ServeCommand.self, EmulatorCommand.self, IssueCommand.self, VerifyCommand.self,
            ResendCommand.self, CancelCommand.self, StatusCommand.self, UnlockCommand.self, RevokeCommand.self,
            InspectCommand.self, InboxCommand.self, KeysCommand.self, APIKeyCommand.self, GuardCommand.self,
            ClockCommand.self, ExplainCommand.self, ConfigCommand.self, DoctorCommand.self, SimulateCommand.self,
            BenchCommand.self,
        ]
    )

    static func main() async {
        // Otherwise, output to a pipe or a file would appear only when the process exits.
        setvbuf(stdout, nil, _IOLBF, 0)
        do throws(CommandFailure) {
            try RawText.checkArguments()
        } catch {
            Output(isJSON: CommandLine.arguments.contains("--json")).show(error)
            Self.exit(withError: ExitCode(error.status.rawValue))
        }
        do {
            var command = try await Self.asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            self.end(with: error)
        }
    }

    /// Exits like the argument parser, but with escaped control characters in the message.
    private static func end(with error: any Error) -> Never {
        let code = Self.exitCode(for: error)
        // Help and completion scripts contain no external text.
        guard !code.isSuccess else { Self.exit(withError: error) }
        let message = TerminalText.escaped(Self.fullMessage(for: error))
        // If standard error is closed, the error cannot be shown.
        if !message.isEmpty { try? FileHandle.standardError.write(contentsOf: Data("\(message)\n".utf8)) }
        Self.exit(withError: code)
    }
}
