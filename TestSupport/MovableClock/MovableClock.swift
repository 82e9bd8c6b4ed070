// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A wall clock that a test can move, for other processes.
///
/// A `redis-server` with ``environment`` follows ``advance(by:)`` immediately. The clock applies to `TIME`, to expiry and to
/// `redis.call('TIME')`.
package final class MovableClock: Sendable {
    private let folder: String
    private let microseconds = Mutex<Int64>(0)

    /// Compiles the preloaded library in a new temporary folder.
    ///
    /// - Throws: ``Failure`` if clang, which is part of the Swift toolchain, fails.
    package init() async throws {
        self.folder = FileManager.default.temporaryDirectory.path + "/movable-clock-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: self.folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(count: 16).write(to: URL(fileURLWithPath: self.offsetFile))
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/clock.c"
        let compilation = try await run(
            .name("clang"),
            arguments: ["-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"],
            output: .discarded,
            error: .string(limit: 65_536)
        )
        guard compilation.terminationStatus.isSuccess else {
            throw Failure(description: "clang did not compile clock.c: \(compilation.standardError)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.folder)
    }

    /// The reason why the clock could not be created.
    package struct Failure: Error, CustomStringConvertible {
        /// The output of the compiler.
        package let description: String
    }

    /// The environment variables for a process that uses this clock.
    package var environment: [String: String] {
        ["LD_PRELOAD": self.library, "MOVABLE_CLOCK_FILE": self.offsetFile]
    }

    /// The offset from the real clock.
    package var offset: Duration {
        self.microseconds.withLock { .microseconds($0) }
    }

    /// Moves the clock forward, or backward if the duration is negative.
    package func advance(by duration: Duration) throws {
        let (seconds, attoseconds) = duration.components
        try self.microseconds.withLock { offset in
            offset += seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            try self.write(offset, at: 0)
        }
    }

    /// Stops the clock at the current second; ``advance(by:)`` still moves it.
    package func freeze() throws {
        try self.write(Int64(Date().timeIntervalSince1970) * 1_000_000, at: 8)
    }

    private func write(_ microseconds: Int64, at position: UInt64) throws {
        // The file is overwritten in place, because a truncation would kill the process that has mapped the file.
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: self.offsetFile))
        defer { try? file.close() }
        try file.seek(toOffset: position)
        try file.write(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: microseconds >> ($0 * 8)) })
    }

    private var library: String { "\(self.folder)/clock.so" }
    private var offsetFile: String { "\(self.folder)/offset" }
}
