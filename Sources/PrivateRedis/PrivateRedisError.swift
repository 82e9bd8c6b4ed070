// SPDX-License-Identifier: Apache-2.0

/// The reason why a private Redis did not start, or did not stop.
package struct PrivateRedisError: Error, CustomStringConvertible {
    /// What happened, and a remedy if there is one.
    package let description: String

    /// Whether no `redis-server` is installed.
    package let isNotInstalled: Bool

    package init(description: String, isNotInstalled: Bool = false) {
        self.description = description
        self.isNotInstalled = isNotInstalled
    }
}
