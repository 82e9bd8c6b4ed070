// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import OTPEnvironment

/// The options that every command has.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Log to standard error, without codes, numbers and keys.")
    var verbose = false

    /// Runs a command, prints its error, and converts the error to an exit code.
    ///
    /// - Parameters:
    ///   - level: The level of the log without `--verbose`. The error of a short command contains its causes, so the log would
    ///     repeat them.
    ///   - work: The command.
    /// - Throws: The exit code.
    func run(logging level: Logger.Level = .critical, _ work: (Output) async throws -> Void) async throws {
        let level = self.verbose ? .debug : level
        LoggingSystem.bootstrap { TerminalLogHandler(label: $0, level: level) }
        let output = Output(isJSON: self.json)
        do {
            try OTPSettings.checkEncoding()
            try await work(output)
        } catch let code as ExitCode {
            throw code
        } catch {
            let failure = CommandFailure(error)
            output.show(failure)
            throw ExitCode(failure.status.rawValue)
        }
    }
}
