import AlibabaSMS
import FoundationEssentials
import Synchronization

/// The AccessKeys that the emulator knows: those of its configuration, and the temporary ones that it issued.
final class AccessKeys: Sendable {
    /// An expired key is remembered for a while, so that whoever still uses it is told what is wrong.
    private static let memory: TimeInterval = 3600

    private struct Issued {
        var keys: [String: AccessKey] = [:]
        var count = 0
    }

    private let permanent: [String: AccessKey]
    private let capacity: Int
    private let issued = Mutex(Issued())

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - accessKeys: Keys that may do everything.
    ///   - users: Users with what they may do.
    ///   - capacity: How many temporary keys it remembers; the ones that end first are dropped first.
    init(accessKeys: [AlibabaCredential] = [], users: [RAMUser] = [], capacity: Int = 10_000) {
        let administrators = accessKeys.map {
            RAMUser(name: "administrator", credential: $0, policies: [.administratorAccess])
        }
        let keys = (administrators + users).map(AccessKey.init)
        self.permanent = Dictionary(keys.map { ($0.credential.accessKeyID, $0) }) { _, last in last }
        self.capacity = max(1, capacity)
    }

    /// The key with an ID, expired or not.
    func key(id: String) -> AccessKey? {
        self.permanent[id] ?? self.issued.withLock { $0.keys[id] }
    }

    /// The credentials of the configuration, by their IDs.
    var configuredCredentials: [AlibabaCredential] {
        self.permanent.values.map(\.credential).sorted { $0.accessKeyID < $1.accessKeyID }
    }

    /// The number of temporary keys that were issued.
    var issuedCount: Int { self.issued.withLock { $0.count } }

    /// The number of temporary keys that are remembered.
    var rememberedCount: Int { self.issued.withLock { $0.keys.count } }

    /// Issues a temporary key for an assumed role.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - session: The name of the session.
    ///   - sessionPolicy: What else has to allow an action.
    ///   - lifetime: For how many seconds the key lives.
    ///   - now: The present time.
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
                issued.keys = issued.keys.filter { !$0.value.isExpired(at: now.addingTimeInterval(-Self.memory)) }
                let surplus = issued.keys.count - self.capacity + 1
                if surplus > 0 {
                    let oldest = issued.keys.sorted { $0.value.endsBefore($1.value) }.prefix(surplus)
                    for entry in oldest { issued.keys[entry.key] = nil }
                }
            }
            issued.keys[key.credential.accessKeyID] = key
        }
        return key
    }
}

extension AlibabaCredential {
    /// A credential of random texts that look like those of STS.
    fileprivate static func temporary() -> AlibabaCredential {
        // With the characters of base64 that have to be encoded on the way, as real tokens have them.
        let token = "CAIS\(self.randomText(40))+\(self.randomText(40))/\(self.randomText(40))=="
        do {
            return try AlibabaCredential(
                accessKeyID: "STS.\(self.randomText(24))",
                accessKeySecret: self.randomText(44),
                securityToken: token
            )
        } catch {
            preconditionFailure("letters and digits make a credential: \(error)")
        }
    }

    private static func randomText(_ length: Int) -> String {
        let symbols = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        return String(decoding: (0..<length).compactMap { _ in symbols.randomElement() }, as: UTF8.self)
    }
}

extension AccessKey {
    fileprivate func endsBefore(_ other: AccessKey) -> Bool {
        (self.expiration ?? .distantFuture) < (other.expiration ?? .distantFuture)
    }
}
