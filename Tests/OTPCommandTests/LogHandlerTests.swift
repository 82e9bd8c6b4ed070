// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import StrictJSON
import SystemPackage
import Testing

@testable import OTPCommand

/// Tests of the log records of `otp serve`.
@Suite struct LogHandlerTests {
    /// Returns the log records of a closure in the JSON format.
    private static func output(
        level: Logger.Level = .info,
        _ log: (Logger) throws -> Void
    ) throws -> String {
        let (reader, writer) = try FileDescriptor.pipe()
        defer { try? reader.close() }
        let now = try Date("2026-11-28T12:00:00Z", strategy: .iso8601)
        let output = LineWriter(writer)
        let logger = Logger(label: "otp.server") {
            JSONLogHandler(label: $0, level: level, output: output) { now }
        }
        try log(logger)
        #expect(output.flush(within: .seconds(60)))
        try writer.close()
        return String(decoding: try Self.readAll(reader), as: UTF8.self)
    }

    private static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    private static func json(_ line: String) throws -> JSON {
        try JSON(parsing: Array(line.utf8), rules: .ownFormat)
    }

    @Test func recordIsOneObjectInOneLine() throws {
        let text = try Self.output { logger in
            var logger = logger
            logger[metadataKey: "hb.request.id"] = "9f86d081884c7d659a2feaa0c55ad015"
            logger.warning(
                "two\nlines \"quoted\" \u{1B}[31m \u{2028}",
                metadata: ["count": .stringConvertible(12), "duration": .stringConvertible(0.25), "list": ["a", "b"]]
            )
            logger.debug("not written")
        }
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{2028}"))
        let record = try Self.json(text)
        #expect(record["time"]?.string == "2026-11-28T12:00:00.000Z" && record["level"]?.string == "warning")
        #expect(record["logger"]?.string == "otp.server" && record["source"]?.string == "OTPCommandTests")
        #expect(record["message"]?.string == "two\nlines \"quoted\" \u{1B}[31m \u{2028}")
        #expect(record["metadata"]?["hb.request.id"]?.string == "9f86d081884c7d659a2feaa0c55ad015")
        #expect(record["metadata"]?["list"]?.strings == ["a", "b"])
        #expect(text.contains(#""count":12"#) && text.contains(#""duration":0.25"#))
    }

    @Test func numbersAndSecretsAreMaskedInEveryPlace() throws {
        struct Quoting: Error, CustomStringConvertible { let description = "to +6591234567" }
        let key = "ak1.web.Zk3vQ1xT9bLw8sYpRr0aMnCdEfGhIjKlMnOpQrStUvW"
        let text = try Self.output { logger in
            var logger = logger
            logger[metadataKey: "bound"] = "6591234567"
            logger.error(
                "to +65 9123 4567 with \(key)",
                error: Quoting(),
                metadata: [
                    "number": .stringConvertible(6_591_234_567), "nested": ["6591234567": [.string("x \(key)")]],
                    "double": .stringConvertible(6_591_234_567.0), "least": .stringConvertible(Int.min),
                ]
            )
        }
        #expect(!text.contains("91234567") && !text.contains("9123 4567") && !text.contains("Zk3v"), "\(text)")
        #expect(try Self.json(text)["metadata"]?["error.type"]?.string == "Quoting")
    }
}
