// SPDX-License-Identifier: Apache-2.0

/// The known security faults in the script engine of Redis and Valkey.
///
/// The faults are CVE-2025-49844, CVE-2025-46817, CVE-2025-46818 and CVE-2025-46819. With such a fault, a user with the
/// permission `+eval` can run code on the server.
enum ScriptFaults {
    /// The first fixed version of each release series of Redis.
    private static let redis = [[6, 2, 20], [7, 2, 11], [7, 4, 6], [8, 0, 4], [8, 2, 2]]
    private static let valkey = [[7, 2, 11], [8, 0, 6], [8, 1, 4]]

    /// Returns whether a version has the faults.
    ///
    /// - Parameters:
    ///   - version: The version, such as `7.2.4`.
    ///   - isValkey: Whether the server is Valkey.
    /// - Returns: `true` if the version has the faults; `nil` if the text is not a version.
    static func affect(_ version: String, isValkey: Bool) -> Bool? {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        let fixes = isValkey ? Self.valkey : Self.redis
        // Other release series are compared with the last fix: earlier series have the faults, and later series do not.
        let fix = fixes.first { $0.prefix(2) == parts.prefix(2) } ?? fixes.last ?? []
        return parts.lexicographicallyPrecedes(fix)
    }
}
