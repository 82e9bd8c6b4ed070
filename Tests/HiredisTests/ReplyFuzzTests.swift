// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// A short run of `scripts/fuzz replies`, in a separate process whose memory can be measured.
@Suite struct ReplyFuzzTests {
    @Test(arguments: [1, 2])
    func spoiledRepliesNeitherCrashNorHangNorGrow(seed: Int) async throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/ReplyFuzzer"
        let result = try await run(
            .path(FilePath(program)),
            arguments: ["100000", String(seed)],
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        #expect(result.terminationStatus == .exited(0), "\(result.standardOutput) \(result.standardError)")
        #expect(result.standardOutput.contains("faults 0"))
    }
}
