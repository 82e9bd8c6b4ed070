// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// A check that a request names exactly one host.
///
/// The check runs before any other part of the server relies on the `Host` header.
enum RequestHeadCheck {
    /// Characters that are invalid in a host with a port, but occur in a list of hosts or in a URL.
    private static let separators = Set(" \t,/\\@?#\"<>".utf8)

    /// Returns whether a request names exactly one host (RFC 9112, section 3.2).
    static func namesOneHost(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else { return false }
        guard let host = hosts.first else { return head.version == .http1_0 || head.version == .http0_9 }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.separators.contains($0) }) else { return false }
        return Self.authority(of: head.uri).map { $0.lowercased() == host.lowercased() } ?? true
    }

    /// Returns the host and port of a request target in absolute form, or `nil` for other forms.
    private static func authority(of target: String) -> Substring? {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
        return target[scheme.upperBound...].prefix { !"/?#".contains($0) }
    }
}
