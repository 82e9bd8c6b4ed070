// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The AccessKeys known to the emulator: the configured keys and the temporary keys that the emulator issued.
final class AccessKeys: Sendable {
    /// The time, in seconds, for which expired keys are kept, so that errors can report the expiry.
    private static let expiredRetention: TimeInterval = 3600

    private struct Issued {
        var keys: [String: AccessKey] = [:]
        var count = 0
    }

    private let permanent: [String: AccessKey]
    private let capacity: Int
    private let issued = Mutex(Issued())

    /// Creates a collection that contains no temporary keys.
    ///
    /// - Parameters:
    ///   - accessKeys: The keys that have all permissions.
    ///   - users: The RAM users, each limited to its policies.
    ///   - capacity: The maximum number of temporary keys. If there are more keys, the keys with the earliest expiry are
    ///     dropped.
    init(accessKeys: [AlibabaCredential] = [], users: [RAMUser] = [], capacity: Int = 10_000) {
        let administrators = accessKeys.map {
            RAMUser(name: "administrator", credential: $0, policies: [.administratorAccess])
        }
        let keys = (administrators + users).map(AccessKey.init)
        self.permanent = Dictionary(keys.map { ($0.credential.accessKeyID, $0) }) { _, last in last }
        self.capacity = max(1, capacity)
    }

    /// Returns the AccessKey with the given ID, even if the key has expired.
    func key(id: String) -> AccessKey? {
        self.permanent[id] ?? self.issued.withLock { $0.keys[id] }
    }

    /// The configured credentials, ordered by ID.
    var configuredCredentials: [AlibabaCredential] {
        self.permanent.values.map(\.credential).sorted { $0.accessKeyID < $1.accessKeyID }
    }

    /// The number of temporary keys issued so far.
    var issuedCount: Int { self.issued.withLock { $0.count } }

    /// The number of temporary keys stored.
    var rememberedCount: Int { self.issued.withLock { $0.keys.count } }

    /// Issues a temporary key for an assumed role.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - session: The name of the session.
    ///   - sessionPolicy: A policy that restricts the permissions of the role.
    ///   - lifetime: The lifetime in seconds.
    ///   - now: The current time.
    /// - Returns: The key.
    func issue(
        _ role: RAMRole,
        session: String,
        sessionPolicy: AccessPolicy? = nil,
        for lifetime: TimeInterval,
        at now: Date
    ) -> AccessKey {
        let key = AccessKey(
            credential: .temporary(),
            principal: .role(name: role.name, session: session),
            policies: role.policies,
            sessionPolicy: sessionPolicy,
            expiration: now.addingTimeInterval(lifetime)
        )
        self.issued.withLock { issued in
            issued.count += 1
            if issued.keys.count >= self.capacity {
                issued.keys = issued.keys.filter {
                    !$0.value.isExpired(at: now.addingTimeInterval(-Self.expiredRetention))
                }
                let surplus = issued.keys.count - self.capacity + 1
                if surplus > 0 {
                    let oldest = issued.keys.sorted { $0.value.expiresBefore($1.value) }.prefix(surplus)
                    for entry in oldest { issued.keys[entry.key] = nil }
                }
            }
            issued.keys[key.credential.accessKeyID] = key
        }
        return key
    }
}

extension AlibabaCredential {
    /// Creates a credential of random strings in the format of the Security Token Service (STS).
    fileprivate static func temporary() -> AlibabaCredential {
        // The token contains the base64 characters that need percent-encoding, as real tokens do.
        let token = "CAIS\(self.randomText(40))+\(self.randomText(40))/\(self.randomText(40))=="
        do {
            return try AlibabaCredential(
                accessKeyID: "STS.\(self.randomText(24))",
                accessKeySecret: self.randomText(44),
                securityToken: token
            )
        } catch {
            preconditionFailure("a credential of letters and digits is valid: \(error)")
        }
    }

    private static func randomText(_ length: Int) -> String {
        let symbols = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        return String(decoding: (0..<length).compactMap { _ in symbols.randomElement() }, as: UTF8.self)
    }
}

extension AccessKey {
    fileprivate func expiresBefore(_ other: AccessKey) -> Bool {
        (self.expiration ?? .distantFuture) < (other.expiration ?? .distantFuture)
    }
}
