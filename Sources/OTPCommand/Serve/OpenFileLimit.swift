// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The operating system's limit on the open files and sockets of this process.
enum OpenFileLimit {
    /// Raises the soft limit to the hard limit.
    ///
    /// The usual soft limit of 1,024 is necessary only for programs that call `select`. NIO does not call `select`.
    ///
    /// - Returns: The new limit; `nil` if the limit cannot be read.
    @discardableResult
    static func raise() -> Int? {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return nil }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(kind, &limit) == 0 ? limit.rlim_cur : before)
    }
}
