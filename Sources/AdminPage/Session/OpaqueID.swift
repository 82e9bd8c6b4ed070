// SPDX-License-Identifier: Apache-2.0

/// Identifiers that an attacker cannot guess.
enum OpaqueID {
    /// Returns 256 random bits as text.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined(separator: "-")
    }
}
