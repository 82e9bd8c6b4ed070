// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import ArgumentParser
import Foundation

/// Runs the gateway emulator in a separate process, so that its CPU time does not count for a client.
struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "emulator", shouldDisplay: false)

    /// Returns a test AccessKey, which only the emulator accepts.
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
            await ChildProcess.waitForEndOfInput()
        }
    }
}
