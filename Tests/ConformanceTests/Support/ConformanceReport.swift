// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The file that `scripts/conformance` reads.
enum ConformanceReport {
    /// The environment variable with the path of the report.
    static let variable = "OTP_CONFORMANCE_REPORT"

    /// Returns the row of the running test, from the start of the test's display name.
    static func currentRow() throws -> String {
        let name = try #require(Test.current?.displayName)
        return String(try #require(name.split(separator: ":").first))
    }

    /// Adds a line about a trial with the expected result.
    ///
    /// The line contains the row, the store, the door, the kind of the trial and the failed expectations.
    static func add(_ trial: Trial, _ failed: Set<String>) throws {
        guard let path = ProcessInfo.processInfo.environment[Self.variable] else { return }
        let fields = [
            try Self.currentRow(), trial.store?.rawValue ?? "-", trial.door.rawValue,
            trial.isMutant ? "mutant" : "real", failed.sorted().joined(separator: "; "),
        ]
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data((fields.joined(separator: "\t") + "\n").utf8))
    }
}
