// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import OTPEnvironment

/// Tests of the reads of whole files.
@Suite(.timeLimit(.minutes(1))) struct SmallFileTests {
    private static func withFile(_ work: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/otp-small-file-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try work(path)
    }

    @Test func fileUpToTheMaximumSizeIsReadAsAWhole() throws {
        try Self.withFile { path in
            for size in [0, 1, 65_536, 65_537, SmallFile.maximumSize] {
                let content = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
                #expect(FileManager.default.createFile(atPath: path, contents: content))
                #expect(SmallFile.content(atPath: path) == content)
            }
            #expect(FileManager.default.createFile(atPath: path, contents: Data(count: SmallFile.maximumSize + 1)))
            #expect(SmallFile.content(atPath: path) == nil)
        }
    }

    @Test func largeFileIsNotReadAsAWhole() throws {
        try Self.withFile { path in
            // The file has no blocks, but its content would fill the memory.
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            #expect(truncate(path, 1 << 40) == 0)
            #expect(SmallFile.content(atPath: path) == nil)
        }
    }

    @Test(arguments: ["/dev/zero", "/nowhere/file", "/tmp"])
    func deviceWithoutAnEndAndMissingFileHaveNoContent(path: String) {
        #expect(SmallFile.content(atPath: path) == nil)
        let settings = Environment.settings(["OTP_TEXTS": path])
        let error = #expect(throws: OTPSettingsError.self) { try settings.messagesOfAnyLength() }
        #expect(error?.problem == "\(path): it cannot be read, or is larger than 1 MiB")
    }
}
