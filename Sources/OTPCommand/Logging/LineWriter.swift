// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import SystemPackage

/// Writes whole lines to a file descriptor, in the order of the calls.
///
/// A class, because all log handlers share it.
final class LineWriter: Sendable {
    private struct State {
        let descriptor: FileDescriptor
        /// Whether an earlier line was written only in part, for example because the disk was full.
        var isInsideLine = false
        /// Whether the destination accepted nothing within the timeout, so that no line waits until it accepts bytes again.
        var isStuck = false
    }

    /// The writer of standard error.
    static let standardError = LineWriter(.standardError)

    private let state: Mutex<State>
    private let timeout: Duration

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - descriptor: The open file, pipe or socket, which the writer does not close.
    ///   - timeout: The time after which a line is lost if a non-blocking destination accepts no byte.
    init(_ descriptor: FileDescriptor, timeout: Duration = .seconds(1)) {
        self.state = Mutex(State(descriptor: descriptor))
        self.timeout = timeout
    }

    /// Writes a line with a line feed.
    ///
    /// If the destination fails, the line is lost.
    ///
    /// - Parameter line: The text, without a line feed.
    func write(_ line: String) {
        self.state.withLock { state in
            // The rest of an incomplete line is lost, and must not become a part of this one.
            let bytes = Array((state.isInsideLine ? "\n\(line)\n" : "\(line)\n").utf8)
            let count = self.write(bytes, &state)
            if count > 0 { state.isInsideLine = count < bytes.count }
        }
    }

    /// Writes bytes, and returns how many were written.
    private func write(_ bytes: [UInt8], _ state: inout State) -> Int {
        var count = 0
        while count < bytes.count {
            do {
                count += try bytes[count...].withUnsafeBytes { try state.descriptor.write($0) }
                state.isStuck = false
            } catch Errno.wouldBlock {
                // Another process may have made the shared pipe non-blocking.
                state.isStuck = state.isStuck || !self.waits(for: state.descriptor)
                guard !state.isStuck else { return count }
            } catch {
                return count
            }
        }
        return count
    }

    /// Waits until a descriptor is writable, or returns `false` after the timeout.
    private func waits(for descriptor: FileDescriptor) -> Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, Int32(self.timeout / .milliseconds(1))) > 0
    }
}
