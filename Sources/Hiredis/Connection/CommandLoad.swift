// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A counter of the commands whose replies have not arrived, and of their bytes.
///
/// Both numbers share one atomic word, so that each command costs one atomic operation for admission and one for release.
package final class CommandLoad: Sendable {
    /// The maximum number of commands that the word can count.
    ///
    /// The word has room for more, because a rejected command is counted until its rejection.
    static let greatestCommandLimit = 1 << 22
    /// The maximum number of bytes that the word can count.
    ///
    /// The word has room for more, because a rejected command is counted until its rejection.
    static let greatestByteLimit = 1 << 36

    private static let byteBits: UInt64 = 40
    private static let byteMask: UInt64 = 1 << byteBits - 1

    private let word = Atomic<UInt64>(0)

    /// The number of commands.
    package var commands: Int { Int(self.word.load(ordering: .relaxed) >> Self.byteBits) }

    /// The number of bytes.
    package var bytes: Int { Int(self.word.load(ordering: .relaxed) & Self.byteMask) }

    /// Admits a command, or returns `false` if a limit would be exceeded.
    ///
    /// - Parameters:
    ///   - bytes: The size of the command.
    ///   - maximumCommands: The maximum number of commands.
    ///   - maximumBytes: The maximum number of bytes, including this command.
    /// - Returns: Whether the command is admitted. An admitted command counts until ``release(bytes:)`` is called.
    func admit(bytes: Int, maximumCommands: Int, maximumBytes: Int) -> Bool {
        // A single command may be larger than the word can count.
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

    /// Stops counting a command that was admitted or held.
    func release(bytes: Int) {
        self.word.wrappingSubtract(Self.amount(bytes), ordering: .relaxed)
    }

    private static func amount(_ bytes: Int) -> UInt64 {
        1 << Self.byteBits + UInt64(bytes)
    }
}
