import ArgumentParser
@preconcurrency import Foundation

/// Arguments, output and exit codes of the verification-code service.
@main
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otp",
        abstract: "Send verification codes by text message, and verify them.",
        discussion: """
            Start here, without an account and without configuration:
              otp demo --once
              otp demo --env-file .otp-demo.env

            Results go to standard output, everything else to standard error.

            EXIT CODES
              0   done
              1   error
              2   negative answer: wrong code, no such challenge, nothing in time
              64  usage
              69  the store, the gateway or the inbox cannot be reached
              75  too many messages, for this service or for the gateway; try again later
              78  configuration
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, EmulatorCommand.self, IssueCommand.self, VerifyCommand.self, ResendCommand.self,
            CancelCommand.self, StatusCommand.self, UnlockCommand.self, InspectCommand.self, InboxCommand.self,
            DoctorCommand.self,
        ]
    )

    static func main() async {
        // Into a pipe or a file, output would else appear only when the program ends.
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

    /// Ends the program as the argument parser does, except that its message quotes no control character.
    private static func end(with error: any Error) -> Never {
        let code = Self.exitCode(for: error)
        // Help and completion scripts hold nothing from outside.
        guard !code.isSuccess else { Self.exit(withError: error) }
        let message = TerminalText.escaped(Self.fullMessage(for: error))
        // Where standard error is closed there is nowhere left to say so.
        if !message.isEmpty { try? FileHandle.standardError.write(contentsOf: Data("\(message)\n".utf8)) }
        Self.exit(withError: code)
    }
}
