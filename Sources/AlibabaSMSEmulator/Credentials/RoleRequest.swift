// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The validated parameters of a request to the Security Token Service (STS).
struct RoleRequest: Sendable {
    private static let symbols = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_".utf8)

    /// The account ID in the role's resource name, which has the form `acs:ram::ACCOUNT:role/NAME`.
    let account: String
    let roleName: String
    let sessionName: String
    let duration: TimeInterval
    let sessionPolicy: AccessPolicy?

    /// Validates the parameters that `AssumeRole` and `AssumeRoleWithOIDC` share.
    init(_ call: GatewayCall) throws(GatewayError) {
        let names = call.parameters.map(\.name)
        guard !call.isMalformed, Set(names).count == names.count else {
            throw GatewayError(400, "InvalidParameter", "A parameter occurs twice or cannot be decoded.")
        }
        guard let arn = call.parameter("RoleArn") else { throw Self.missing("RoleArn") }
        guard let session = call.parameter("RoleSessionName") else { throw Self.missing("RoleSessionName") }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard
            parts.count == 5, parts[0] == "acs", parts[1] == "ram", parts[2].isEmpty, !parts[3].isEmpty,
            parts[4].hasPrefix("role/"), Self.isName(parts[4].dropFirst(5), of: 1...64)
        else { throw Self.invalid("RoleArn", "RoleArn is not acs:ram::ACCOUNT:role/NAME.") }
        guard Self.isName(session[...], of: 2...64, alsoAllowed: "@") else {
            throw Self.invalid("RoleSessionName", "RoleSessionName is not 2 to 64 letters, digits and .@-_")
        }
        guard let duration = Int(call.parameter("DurationSeconds") ?? "3600"), (900...43_200).contains(duration) else {
            throw Self.invalid("DurationSeconds", "DurationSeconds is not 900 to 43200.")
        }
        self.account = String(parts[3])
        self.roleName = String(parts[4].dropFirst(5))
        self.sessionName = session
        self.duration = TimeInterval(duration)
        self.sessionPolicy = try call.parameter("Policy")
            .map { document throws(GatewayError) in
                guard let policy = AccessPolicy(name: "session", document: document) else {
                    throw Self.invalid("PolicyGrammar", "Policy is not a policy document.")
                }
                return policy
            }
    }

    static func missing(_ name: String) -> GatewayError {
        GatewayError(400, "Missing\(name)", "\(name) is mandatory for this action.")
    }

    private static func invalid(_ name: String, _ message: String) -> GatewayError {
        GatewayError(400, "InvalidParameter.\(name)", message)
    }

    private static func isName(_ text: Substring, of length: ClosedRange<Int>, alsoAllowed: String = "") -> Bool {
        let allowed = Self.symbols.union(alsoAllowed.utf8)
        return length.contains(text.utf8.count) && text.utf8.allSatisfy(allowed.contains)
    }
}
