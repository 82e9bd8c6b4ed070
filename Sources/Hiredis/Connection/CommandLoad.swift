// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The number of commands whose replies have not arrived, and their total size.
///
/// Both numbers share one atomic word, so that the admission and the release of a command each cost one atomic operation.
package final class CommandLoad: Sendable {
    /// The highest permitted limit on the number of commands.
    ///
    /// The atomic word can count more commands than this limit, because a rejected command is counted until its rejection.
    static let greatestCommandLimit = 1 << 22
    /// The highest permitted limit on the number of bytes.
    ///
    /// The atomic word can count more bytes than this limit, because a rejected command is counted until its rejection.
    static let greatestByteLimit = 1 << 36

    private static let byteBits: UInt64 = 40
    private static let byteMask: UInt64 = 1 << byteBits - 1

    private let word = Atomic<UInt64>(0)

    /// The number of counted commands.
    package var commands: Int { Int(self.word.load(ordering: .relaxed) >> Self.byteBits) }

    /// The number of counted bytes.
    package var bytes: Int { Int(self.word.load(ordering: .relaxed) & Self.byteMask) }

    /// Admits a command, unless it would exceed a limit.
    ///
    /// - Parameters:
    ///   - bytes: The size of the command.
    ///   - maximumCommands: The maximum number of commands.
    ///   - maximumBytes: The maximum number of bytes, including this command.
    /// - Returns: Whether the command is admitted. An admitted command counts until ``release(bytes:)`` is called.
    func admit(bytes: Int, maximumCommands: Int, maximumBytes: Int) -> Bool {
        // A single command may have more bytes than the word can count.
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
