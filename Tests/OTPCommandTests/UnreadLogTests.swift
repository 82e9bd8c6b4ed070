// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Subprocess
import SystemPackage
import Testing

/// Tests of `otp serve` whose standard error is a pipe.
@Suite(.timeLimit(.minutes(3))) struct UnreadLogTests {
    @Test(arguments: ["text", "json"])
    func aPipeThatIsNotReadDelaysNoRequest(format: String) async throws {
        try await Demo.run { demo in
            let key = try await Program.run(["api-key", "web", "--scope", "issue", "--json"])
            let entry = try #require(try key.json([String: String].self)["OTP_API_KEYS"])
            let environment = demo.environment.merging(["OTP_API_KEYS": entry]) { _, new in new }
            let (reader, writer) = try FileDescriptor.pipe()
            let options = ["--log-level", "debug", "--log-format", format]
            let command = ["serve", "--json", "--listen", "127.0.0.1:0"] + options
            let result = try await Subprocess.run(
                .path(FilePath(Program.path)),
                arguments: Arguments(command),
                environment: Program.environment(environment),
                input: .none,
                output: .sequence,
                error: .fileDescriptor(writer, closeAfterSpawningProcess: true)
            ) { execution in
                var line = ""
                for try await text in execution.standardOutput.strings() {
                    line = text
                    break
                }
                let url = try #require(line.split(separator: "\"").first { $0.hasPrefix("http") })
                // The records of these requests have about ten times the size of the pipe.
                for _ in 0..<800 {
                    let request = HTTPClientRequest(url: "\(url)/livez")
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                    try #require(response.status.code == 200)
                }
                try execution.send(signal: .terminate)
            }
            #expect(Program.status(result.terminationStatus) == 0)
            try reader.close()
        }
    }
}
