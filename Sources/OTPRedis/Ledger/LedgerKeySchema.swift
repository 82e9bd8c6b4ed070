// SPDX-License-Identifier: Apache-2.0

import SendGuard
import TextFormats

/// The names of the guard's keys in Redis.
///
/// All shared scopes have the same hash slot, so that one script can decide about all of them. A source has the hash slot of its
/// network. The names are keyed hashes.
///
/// | key | scope |
/// |---|---|
/// | `otp:{g}name` | the service, a tenant, a region, a number block, a purpose |
/// | `otp:{g}modes` | the run-time modes |
/// | `otp:{report}day` | the report of a day, as the number of days since 1970 |
/// | `otp:{network}` | a network |
/// | `otp:{network}source` | a source, named by the first half of its hash: a network has 65,536 sources at most |
struct LedgerKeySchema: Sendable {
    private let prefix: String
    private let shared: String

    /// The key of the run-time modes, in the hash slot of the shared scopes.
    let modes: String

    init(prefix: String) {
        self.prefix = prefix + ":{"
        self.shared = prefix + ":{g}"
        self.modes = self.shared + "modes"
    }

    /// Returns the key of a shared scope.
    func shared(_ scope: ScopeClaim) -> String {
        Base64URL.encode(scope.name, after: self.shared, before: "")
    }

    /// Returns the key of the report of a day.
    func report(ofDay day: Int) -> String { "\(self.prefix)report}\(day)" }

    /// Returns the key of a network, or of a source in it.
    func origin(_ scope: ScopeClaim, of network: ScopeClaim) -> String {
        let key = Base64URL.encode(network.name, after: self.prefix, before: "}")
        guard scope.name != network.name else { return key }
        return Base64URL.encode(Array(scope.name.prefix(ScopeClaim.nameLength / 2)), after: key, before: "")
    }

    /// Returns the keys of the origin of a send, whose first scope is the network.
    func origin(_ scopes: [ScopeClaim]) -> [String] {
        scopes.map { self.origin($0, of: scopes[0]) }
    }
}
