import ArgumentParser
@preconcurrency import Foundation

/// Arguments, output and exit codes of the verification-code service.
@main
struct OTPCommand: AsyncParsableCommand {
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
              75  too many messages; try again later
              78  configuration
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, EmulatorCommand.self, IssueCommand.self, VerifyCommand.self, ResendCommand.self,
            CancelCommand.self, StatusCommand.self, UnlockCommand.self, InboxCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        // Into a pipe or a file, output would else appear only when the program ends.
        setvbuf(stdout, nil, _IOLBF, 0)
        await self.main(nil)
    }
}
