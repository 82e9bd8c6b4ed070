// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import ArgumentParser
import Foundation

/// Runs the gateway emulator in a separate process, so that the CPU time of a client does not include it.
struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "emulator", shouldDisplay: false)

    /// Returns an invented key, which only the emulator accepts.
    static func credential() throws -> AlibabaCredential {
        try AlibabaCredential(accessKeyID: "LTAIbench", accessKeySecret: "bench-secret")
    }

    /// The limit on requests per second, which is never reached.
    private static let unlimited = 1_000_000

    func run() async throws {
        let account = AccountSettings(requestsPerSecond: [SendMessageToGlobe.name: Self.unlimited])
        let configuration = SMSGatewayEmulator.Configuration(accessKeys: [try Self.credential()], account: account)
        try await SMSGatewayEmulator.withServer(configuration) { server in
            try FileHandle.standardOutput.write(contentsOf: Data("\(server.baseURL)\n".utf8))
            // The measuring process closes the input when it ends.
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    while readLine() != nil {}
                    continuation.resume()
                }
            }
        }
    }
}

/// An emulator in a separate process.
struct EmulatorProcess {
    let url: String

    /// Runs an emulator while a closure executes.
    static func run<Result>(_ body: (Self) async throws -> Result) async throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["emulator"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchError("the emulator did not start") }
            line += data
        }
        return try await body(Self(url: String(decoding: line.dropLast(), as: UTF8.self)))
    }
}
