// SPDX-License-Identifier: Apache-2.0

/// The kinds of things that share a limit.
///
/// The enumeration is closed: the records of a ledger depend on it.
public enum GuardScope: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// An IPv4 address, or a /64 network of IPv6.
    case source = 1
    /// A /24 network of IPv4, or a /48 network of IPv6.
    case network = 2
    /// The whole service: every send that uses the ledger.
    case service = 3
    /// A tenant.
    case tenant = 4
    /// A purpose of a tenant.
    case purpose = 5
    /// A region without users, as far as the policy knows.
    case region = 6
    /// A region that the policy lists as a home region; its records are those of a region.
    case homeRegion = 7
    /// The numbers that differ in their last four digits only.
    case block = 8

    /// The name of the kind, such as `homeRegion`.
    public var description: String {
        switch self {
        case .source: "source"
        case .network: "network"
        case .service: "service"
        case .tenant: "tenant"
        case .purpose: "purpose"
        case .region: "region"
        case .homeRegion: "homeRegion"
        case .block: "block"
        }
    }
}
