// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The number of commands in flight, and their total size in bytes.
///
/// Both numbers share one atomic word. The word has room for more than the limits, because rejected commands are counted for a
/// moment.
package final class CommandLoad: Sendable {
    /// The largest permitted value of ``RedisConfiguration/maximumCommandsInFlight``.
    static let greatestCommandLimit = 1 << 22
    /// The largest permitted value of ``RedisConfiguration/maximumBytesInFlight``.
    static let greatestByteLimit = 1 << 36

    private static let byteBits: UInt64 = 40
    private static let byteMask: UInt64 = 1 << byteBits - 1

    private let word = Atomic<UInt64>(0)

    /// The number of counted commands.
    package var commands: Int { Int(self.word.load(ordering: .relaxed) >> Self.byteBits) }

    /// The number of counted bytes.
    package var bytes: Int { Int(self.word.load(ordering: .relaxed) & Self.byteMask) }

    /// Admits and counts a command, unless the command would exceed a limit.
    ///
    /// - Parameters:
    ///   - bytes: The size of the command.
    ///   - maximumCommands: The maximum number of commands.
    ///   - maximumBytes: The maximum number of bytes, including this command.
    /// - Returns: Whether the command is admitted. An admitted command is counted until a call of ``release(bytes:)``.
    func admit(bytes: Int, maximumCommands: Int, maximumBytes: Int) -> Bool {
        // A single command may have more bytes than the atomic counter can hold.
        guard bytes <= maximumBytes else { return false }
        let before = self.word.wrappingAdd(Self.amount(bytes), ordering: .relaxed).oldValue
        if before >> Self.byteBits < UInt64(maximumCommands),
            before & Self.byteMask + UInt64(bytes) <= UInt64(maximumBytes)
        {
            return true
        }
        self.release(bytes: bytes)
        return false
    }

    /// Counts a command regardless of the limits.
    func hold(bytes: Int) {
        self.word.wrappingAdd(Self.amount(bytes), ordering: .relaxed)
    }

    /// Stops counting a command after ``admit(bytes:maximumCommands:maximumBytes:)`` or ``hold(bytes:)``.
    func release(bytes: Int) {
        self.word.wrappingSubtract(Self.amount(bytes), ordering: .relaxed)
    }

    private static func amount(_ bytes: Int) -> UInt64 {
        1 << Self.byteBits + UInt64(bytes)
    }
}
