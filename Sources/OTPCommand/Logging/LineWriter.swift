// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import SystemPackage

/// Writes whole lines to a file descriptor on its own thread, in the order of the calls.
///
/// A caller never waits, even if no process reads from the other end of a pipe. Lines wait in a queue with a maximum size in
/// bytes. If the queue is full, new lines are lost. The writer reports the number of lost lines when the destination accepts
/// lines again.
///
/// A class, because all log handlers share it.
final class LineWriter: Sendable {
    private struct State {
        var lines: [[UInt8]] = []
        /// The number of bytes that are not written yet.
        var bytes = 0
        /// The number of lines that were lost since the last report.
        var lost = 0
        /// The thread that reports lost lines.
        var reporter: pthread_t?
        var isWriting = false

        /// Whether the calling thread reports lost lines.
        var isReporting: Bool { self.reporter.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    private let descriptor: FileDescriptor
    private let capacity: Int
    private let onLoss: @Sendable (_ count: Int) -> Void
    private let state = Mutex(State())
    /// Whether the last line was written only in part, for example because the disk was full.
    private let isInsideLine = Mutex(false)
    private let thread = DispatchQueue(label: "log-writer")

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - descriptor: The open file, pipe or socket. The writer does not close it.
    ///   - capacity: The maximum number of bytes in the queue. An empty queue accepts a line of any length.
    ///   - onLoss: Called with the number of lost lines, after the lines in the queue are written. A line that this callback
    ///     adds is accepted even if the queue is full.
    init(
        _ descriptor: FileDescriptor,
        capacity: Int = 1 << 20,
        onLoss: @escaping @Sendable (_ count: Int) -> Void = { _ in }
    ) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.onLoss = onLoss
    }

    /// Adds a line to the queue.
    ///
    /// If the queue is full or the destination fails, the line is lost.
    ///
    /// - Parameter line: The text, without a line feed.
    func write(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        let starts = self.state.withLock { state in
            guard state.bytes == 0 || state.bytes + bytes.count <= self.capacity || state.isReporting else {
                state.lost += 1
                return false
            }
            state.lines.append(bytes)
            state.bytes += bytes.count
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { self.thread.async { self.drain() } }
    }

    /// Waits until all lines from earlier calls are written or lost.
    ///
    /// - Parameter timeout: The maximum wait.
    /// - Returns: `false` if the timeout expired first.
    @discardableResult
    func flush(within timeout: Duration = .seconds(1)) -> Bool {
        let written = DispatchSemaphore(value: 0)
        self.thread.async { written.signal() }
        return written.wait(timeout: .now() + .milliseconds(Int(timeout / .milliseconds(1)))) == .success
    }

    // MARK: The thread

    private func drain() {
        while true {
            let (lines, lost) = self.take()
            for line in lines { self.writeNow(line) }
            if lost > 0 { self.report(lost) }
            if self.finish(lines) { return }
        }
    }

    private func report(_ lost: Int) {
        self.state.withLock { $0.reporter = pthread_self() }
        self.onLoss(lost)
        self.state.withLock { $0.reporter = nil }
    }

    /// Removes and returns all lines of the queue.
    ///
    /// Until the lines are written, their bytes still count toward the limit of the queue.
    private func take() -> (lines: [[UInt8]], lost: Int) {
        self.state.withLock { state in
            defer { (state.lines, state.lost) = ([], 0) }
            return (state.lines, state.lost)
        }
    }

    /// Subtracts the bytes of written lines, and returns `true` if nothing remains to be written or reported.
    private func finish(_ lines: [[UInt8]]) -> Bool {
        self.state.withLock { state in
            state.bytes -= lines.reduce(0) { $0 + $1.count }
            state.isWriting = !state.lines.isEmpty || state.lost > 0
            return !state.isWriting
        }
    }

    private func writeNow(_ line: [UInt8]) {
        self.isInsideLine.withLock { isInsideLine in
            // A line feed separates this line from an incomplete previous line.
            let bytes = isInsideLine ? [UInt8(ascii: "\n")] + line : line
            let count = self.write(bytes)
            if count > 0 { isInsideLine = count < bytes.count }
        }
    }

    /// Writes bytes, and returns the number of bytes that were written before an error occurred.
    private func write(_ bytes: [UInt8]) -> Int {
        var count = 0
        while count < bytes.count {
            do {
                count += try bytes[count...].withUnsafeBytes { try self.descriptor.write($0) }
            } catch Errno.wouldBlock {
                // Another process can share the pipe and make it non-blocking.
                var request = pollfd(fd: self.descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            } catch {
                return count
            }
        }
        return count
    }
}
