// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import SystemPackage
import Testing

@testable import OTPCommand

/// Tests of the queue between log records and standard error.
@Suite(.timeLimit(.minutes(2))) struct LineWriterTests {
    private static func read(_ descriptor: FileDescriptor, _ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        return Array(bytes[..<(try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) })])
    }

    /// Returns the number of bytes that wait in a pipe.
    private static func waiting(_ descriptor: FileDescriptor) -> Int32 {
        var count: Int32 = 0
        _ = ioctl(descriptor.rawValue, UInt(FIONREAD), &count)
        return count
    }

    @Test func linesOfConcurrentWritersAreWholeOnANonBlockingPipe() async throws {
        let (reader, writer) = try FileDescriptor.pipe()
        let flags = fcntl(writer.rawValue, F_GETFL)
        #expect(fcntl(writer.rawValue, F_SETFL, flags | O_NONBLOCK) == 0)
        let output = LineWriter(writer)
        // The pipe holds 64 KiB, so the thread must wait for the reader.
        let line = String(repeating: "x", count: 3000)
        await withTaskGroup { group in
            for task in 0..<4 {
                group.addTask { for number in 0..<50 { output.write("\(task)-\(number)-\(line)") } }
            }
        }
        var bytes: [UInt8] = []
        while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < 200 { bytes += try Self.read(reader, 65_536) }
        try writer.close()
        try reader.close()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 200 && Set(lines).count == 200)
        #expect(lines.allSatisfy { $0.hasSuffix("-\(line)") && $0.utf8.count < 3020 })
    }

    @Test func aPipeThatNobodyReadsStopsNoCallerAndLosesTheLinesBeyondTheQueue() async throws {
        let (reader, writer) = try FileDescriptor.pipe()
        let losses = Mutex<[Int]>([])
        let output = LineWriter(writer, capacity: 200_000) { count in losses.withLock { $0.append(count) } }
        let line = String(repeating: "x", count: 999)
        // The queue holds 200 lines, and the pipe at most 1 MiB. A blocking write would never return.
        for _ in 0..<5000 { output.write(line) }
        #expect(!output.flush(within: .milliseconds(10)))
        #expect(losses.withLock { $0.isEmpty })
        func lost() -> Int { losses.withLock { $0.reduce(0, +) } }
        var count = 0
        try await poll("all lines are read or lost") {
            while Self.waiting(reader) > 0 { count += try Self.read(reader, 65_536).count }
            return count / 1000 + lost() == 5000
        }
        #expect(count == (5000 - lost()) * 1000)
        #expect(lost() > 0 && count >= 200 * 1000)
        // After the loss, the writer continues.
        output.write("next")
        #expect(output.flush(within: .seconds(60)))
        #expect(try String(decoding: Self.read(reader, 100), as: UTF8.self) == "next\n")
        try writer.close()
        try reader.close()
    }

    @Test func aReportOfLostLinesIsNotLost() async throws {
        let (reader, writer) = try FileDescriptor.pipe()
        let shared = Mutex<LineWriter?>(nil)
        let output = LineWriter(writer, capacity: 10_000) { count in
            shared.withLock { $0 }?.write("lost \(count)")
        }
        shared.withLock { $0 = output }
        let line = String(repeating: "x", count: 999)
        for _ in 0..<5000 { output.write(line) }
        var bytes: [UInt8] = []
        func lines() -> [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: "\n") }
        try await poll("all lines are read or reported") {
            while Self.waiting(reader) > 0 { bytes += try Self.read(reader, 65_536) }
            let lost = lines().compactMap { $0.hasPrefix("lost ") ? Int($0.dropFirst(5)) : nil }
            return lines().count - lost.count + lost.reduce(0, +) == 5000
        }
        #expect(lines().contains { $0.hasPrefix("lost ") })
        shared.withLock { $0 = nil }
        try writer.close()
        try reader.close()
    }

    @Test func aLineLongerThanTheQueueIsWrittenIfNoOtherLineWaits() throws {
        let (reader, writer) = try FileDescriptor.pipe()
        let output = LineWriter(writer, capacity: 10)
        output.write("longer than ten bytes")
        #expect(output.flush(within: .seconds(60)))
        #expect(try String(decoding: Self.read(reader, 100), as: UTF8.self) == "longer than ten bytes\n")
        try writer.close()
        try reader.close()
    }

    @Test func lineAfterAnIncompleteOneStartsANewLine() async throws {
        try await withFolder { folder in
            signal(SIGPIPE, SIG_IGN)
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let path = FilePath(folder + "/pipe")
            let first = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            let writer = try FileDescriptor.open(path, .writeOnly)
            let output = LineWriter(writer)
            // No pipe holds this line.
            output.write(String(repeating: "x", count: 1 << 24))
            try await poll("the beginning of the line") { Self.waiting(first) > 0 }
            // The write ends with EPIPE after a part of the line. The part stays in the pipe.
            try first.close()
            #expect(output.flush(within: .seconds(60)))
            let second = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            var bytes: [UInt8] = []
            while Self.waiting(second) > 0 { bytes += try Self.read(second, 65_536) }
            output.write("next")
            #expect(output.flush(within: .seconds(60)))
            bytes += try Self.read(second, 100)
            #expect(String(decoding: bytes.drop { $0 == UInt8(ascii: "x") }, as: UTF8.self) == "\nnext\n")
            try writer.close()
            try second.close()
        }
    }

    @Test func failedDestinationStopsNoCaller() throws {
        let (reader, writer) = try FileDescriptor.pipe()
        try reader.close()
        signal(SIGPIPE, SIG_IGN)
        // A pipe without a reader, and a descriptor that is only open for reading.
        let readOnly = try FileDescriptor.open("/dev/null", .readOnly)
        for destination in [writer, readOnly] {
            let output = LineWriter(destination)
            output.write("lost")
            #expect(output.flush(within: .seconds(60)))
            output.write("lost as well")
            #expect(output.flush(within: .seconds(60)))
            try destination.close()
        }
    }
}
