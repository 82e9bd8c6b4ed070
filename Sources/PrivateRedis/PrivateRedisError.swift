// SPDX-License-Identifier: Apache-2.0

/// The reason why a private Redis server did not start or did not stop.
package struct PrivateRedisError: Error, CustomStringConvertible {
    /// An explanation for people, with a remedy if possible.
    package let description: String

    /// Whether `redis-server` is not installed.
    package let isNotInstalled: Bool

    package init(description: String, isNotInstalled: Bool = false) {
        self.description = description
        self.isNotInstalled = isNotInstalled
    }
}
