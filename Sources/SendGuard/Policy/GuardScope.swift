// SPDX-License-Identifier: Apache-2.0

/// The kind of a scope.
///
/// A scope is a set of requests that share limits, such as all requests from one IPv4 address. No cases will be added.
public enum GuardScope: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// An IPv4 address, or a /64 network of IPv6.
    case source = 1
    /// A /24 network of IPv4, or a /48 network of IPv6.
    case network = 2
    /// The whole service: all sends that use the ledger.
    case service = 3
    /// A tenant: a customer or an application, if several of them share the service.
    case tenant = 4
    /// A purpose of a tenant's codes, such as registration.
    case purpose = 5
    /// A region that the policy does not list as a home region.
    case region = 6
    /// A region that the policy lists as a home region.
    case homeRegion = 7
    /// A number block: the phone numbers that differ only in their last four digits.
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
