// SPDX-License-Identifier: Apache-2.0

import SendGuard
import TextFormats

/// The names of the guard's keys in Redis.
///
/// A scope is a group of sends with common limits. The keys of a network and of all sources (client addresses) in this network
/// have the same hash slot. There are eight such slots. All other scopes are shared. Their keys have one common hash slot, so
/// that one script can check all of them. A `name` is a keyed hash.
///
/// | key | content |
/// |---|---|
/// | `otp:{g}name` | a shared scope: the service, a tenant, a region, a number block, a purpose |
/// | `otp:{g}modes` | the modes of rules that operators have set at run time |
/// | `otp:{report}day` | the report of a day; `day` is the number of days since 1970 |
/// | `otp:{response}h` | a used response of a human check |
/// | `otp:{o22}name` | a network or a source; there are eight hash tags like `o22` |
struct LedgerKeySchema: Sendable {
    /// The hash tags of networks and sources.
    ///
    /// The slots of the tags are evenly spaced, so that each node of a cluster has about the same number of tags. All keys
    /// of a script call have the same tag, so fewer tags would allow more sends per call. More tags would distribute the load
    /// better in a large cluster.
    static let originTags = ["o22", "o79", "o23", "o78", "o28", "o55", "o29", "o54"]

    private let prefix: String
    private let shared: String
    private let origins: [String]

    /// The key of the modes that operators have set at run time.
    ///
    /// The key is in the same hash slot as the keys of the shared scopes: all scopes except networks and sources.
    let modes: String

    init(prefix: String) {
        self.prefix = prefix + ":{"
        self.shared = prefix + ":{g}"
        self.origins = Self.originTags.map { "\(prefix):{\($0)}" }
        self.modes = self.shared + "modes"
    }

    /// Returns the key of a shared scope: any scope except a network or a source.
    func shared(_ scope: ScopeClaim) -> String {
        Base64URL.encode(scope.name.bytes, after: self.shared, before: "")
    }

    /// Returns the key of the report of a day.
    func report(ofDay day: Int) -> String { "\(self.prefix)report}\(day)" }

    /// Returns the key that marks a response of a human check as used.
    func response(_ fingerprint: [UInt8]) -> String {
        Base64URL.encode(fingerprint, after: self.prefix, before: "}h")
    }

    /// Returns the position of a network's hash tag in ``originTags``.
    func origin(of network: ScopeClaim) -> Int { Int(network.name.firstByte) % Self.originTags.count }

    /// Returns the key of a network or a source (client address).
    ///
    /// - Parameters:
    ///   - scope: The network or the source.
    ///   - origin: The position of the hash tag in ``originTags``.
    /// - Returns: The key.
    func origin(_ scope: ScopeClaim, at origin: Int) -> String {
        Base64URL.encode(scope.name.bytes, after: self.origins[origin], before: "")
    }

    /// Returns the keys of the network and the source of a send.
    ///
    /// The first scope must be the network.
    func origin(_ scopes: [ScopeClaim]) -> [String] {
        scopes.map { self.origin($0, at: self.origin(of: scopes[0])) }
    }
}
