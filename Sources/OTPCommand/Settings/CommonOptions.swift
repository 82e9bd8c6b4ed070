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

    /// Runs a command; if it fails, prints the error and throws the exit code.
    ///
    /// - Parameters:
    ///   - level: The minimum level of log records without `--verbose`. Short commands need no log, because their errors
    ///     contain the causes.
    ///   - format: The format of log records.
    ///   - work: The command.
    /// - Throws: The exit code of the failed command.
    func run(
        logging level: Logger.Level = .critical,
        as format: LogFormat = .text,
        _ work: (Output) async throws -> Void
    ) async throws {
        let level = self.verbose ? .debug : level
        LoggingSystem.bootstrap { format.handler($0, level) }
        try await self.reportError(work)
    }

    /// Runs a command that configures its own log; if it fails, prints the error and throws the exit code.
    ///
    /// - Parameter work: The command.
    /// - Throws: The exit code of the failed command.
    func reportError(_ work: (Output) async throws -> Void) async throws {
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
