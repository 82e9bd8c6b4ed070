// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import MovableClock
import OTP
import Testing
import TextFormats

@testable import OTPRedis

/// Tests that the scripts write the same bytes as in the golden files.
///
/// Every change of the layout requires another version.
@Suite struct GoldenRecordTests {
    /// The SHA-256 digests of the golden files, keyed by version.
    ///
    /// Add a row for each new version, and do not change an existing row.
    private static let digests = [
        3: "71bc63f382877281794727395242bf46b95299fd320675ecc3d50f26b9d11463"
    ]

    @Test(arguments: GoldenRecord.all)
    func stepsWriteTheGoldenBytes(_ golden: GoldenRecord) async throws {
        let content = try GoldenRecord.contents()[golden.name]
        try await TestRedis.with(frozen: true) { redis in
            let now = try await redis.time()
            try redis.clock.advance(by: GoldenRecord.start - now)
            try await golden.run(on: redis)
            let bytes = try #require(try await redis.contents().first).value
            #expect(bytes.last == UInt8(RecordLayout.version))
            let text = try PhoneNumberRecord(bytes).description
            let actual = GoldenRecord.Content(bytes: bytes, text: text)
            #expect(actual == content, "\(bytes.hex)\n\(text)")
        }
    }

    @Test func goldenFileOfAVersionNeverChanges() throws {
        let digest = SHA256.hash(data: try Data(contentsOf: GoldenRecord.file)).hex
        #expect(digest == Self.digests[RecordLayout.version], "write the golden file of another version instead")
        let names = Set(try GoldenRecord.contents().keys)
        #expect(names == Set(GoldenRecord.all.map(\.name)))
    }

    @Test func descriptionShowsNothingSecret() throws {
        for (name, content) in try GoldenRecord.contents() {
            let record = try PhoneNumberRecord(content.bytes)
            var dumped = ""
            dump(record, to: &dumped)
            for text in ["\(record)", dumped] {
                // Each ID, check, authenticator and sealed code repeats one byte, which is 0x40 for the sealed code.
                for byte in ["11", "12", "21", "22", "31", "32", "40"] {
                    #expect(!text.contains(String(repeating: byte, count: 4)), "\(name): \(byte)")
                }
                #expect(!text.contains("@@") && !text.contains("!!") && !text.contains("11111"), "\(name)")
            }
        }
    }
}
