// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPRedis

/// A check of one Redis server: its settings, the rights of its user, and a test run of the store's operations.
struct ServerExamination: Sendable {
    private let name: String
    private let direct: RedisConfiguration
    private let service: RedisConfiguration
    private let serves: @Sendable (String) -> Bool

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - name: The name of the server in findings.
    ///   - direct: The configuration for a connection to this server.
    ///   - service: The configuration of the service; `nil` if it is the same as `direct`.
    ///   - serves: Returns whether this server stores a key.
    init(
        name: String,
        direct: RedisConfiguration,
        service: RedisConfiguration? = nil,
        serves: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.direct = direct
        self.service = service ?? direct
        self.serves = serves
    }

    func findings() async -> [Finding] {
        var findings: [Finding]
        do {
            findings = try await withRedis(self.direct) { try await self.examine($0) }
            findings += try await withRedis(self.service) { [await self.steps($0)] + (await self.jumps($0)) }
        } catch {
            let remedy = (error as? RedisError).map(RedisRemedy.text) ?? RedisRemedy.unreachable
            findings = [Finding("redis", reason(error), .fail, remedy: remedy)]
        }
        return findings.map { finding in
            var finding = finding
            finding.node = self.name
            return finding
        }
    }

    private func examine(_ client: RedisClient) async throws -> [Finding] {
        var latencies: [Duration] = []
        for _ in 0..<5 {
            latencies.append(try await ContinuousClock().measure { _ = try await client.send("PING") })
        }
        latencies.sort()
        let facts = try? await RedisFacts(client)
        let version = facts?.versionText ?? "version unknown"
        return [Finding("redis", "\(version), \(latencies[2].millisecondsText)")]
            + (facts?.findings ?? [RedisFacts.infoNotAllowed])
            + [await self.clock(client), await self.permissions(client)]
    }

    private func clock(_ client: RedisClient) async -> Finding {
        guard
            case .array(let parts)? = try? await client.send("TIME"), parts.count == 2,
            case .bulk(let secondsText) = parts[0], case .bulk(let microsecondsText) = parts[1],
            let seconds = Double(String(decoding: secondsText, as: UTF8.self)),
            let microseconds = Double(String(decoding: microsecondsText, as: UTF8.self))
        else {
            return Finding("redis clock", "unknown", .fail, remedy: "allow TIME: lifetimes and limits need it")
        }
        let difference = seconds + microseconds / 1_000_000 - Date().timeIntervalSince1970
        let text = Duration.seconds(difference).millisecondsText
        // Lifetimes and limits use only the clock of the store. A difference between the clocks affects only displayed times.
        return abs(difference) < 2
            ? Finding("redis clock", "\(text) from the local clock")
            : Finding("redis clock", "\(text) from the local clock", .warn, remedy: "synchronize both clocks by NTP")
    }

    private func permissions(_ client: RedisClient) async -> Finding {
        let access = RedisACL(self.service)
        do throws(RedisError) {
            let missing = try await access.missing(client)
            guard !missing.isEmpty else { return Finding("redis access", "complete") }
            return Finding(
                "redis access",
                "missing: \(missing.joined(separator: ", "))",
                .fail,
                remedy: "ACL SETUSER \(self.service.username ?? "default") \(access.rules)"
            )
        } catch {
            return Finding("redis access", error.message, .fail, remedy: RedisRemedy.text(error))
        }
    }

    private func steps(_ client: RedisClient) async -> Finding {
        do throws(StoreProbe.Failure) {
            try await StoreProbe(client: client).run(where: self.serves)
            return Finding("redis steps", "issue, verify, unlock, cancel, release and redeem")
        } catch {
            guard let cause = error.error else {
                return Finding("redis steps", "\(error.step) returned a wrong result", .fail, remedy: RedisRemedy.other)
            }
            return Finding("redis steps", "\(error.step): \(reason(cause))", .fail, remedy: RedisRemedy.text(cause))
        }
    }
}

extension ServerExamination {
    /// Returns a finding about whether the clock of the server was set back.
    ///
    /// A proof is a signed statement that a user controls a phone number. Services with the same keys can redeem each other's
    /// proofs. When the clock is set back, an expired proof could become valid again. Therefore the service may refuse proofs
    /// from other services for some time after the change. During this time, the finding is a warning.
    ///
    /// The state of the clock is a record in Redis. The result is empty if this server does not store the record.
    private func jumps(_ client: RedisClient) async -> [Finding] {
        let store = RedisOTPStore(client: client)
        // If the record cannot be read, `steps(_:)` also fails and reports the failure.
        guard self.serves(store.clockKey), let status = try? await store.clockStatus() else { return [] }
        let check = "redis clock jumps"
        guard status.wasSetBack else { return [Finding(check, "none found")] }
        guard status.refusesProofs else { return [Finding(check, status.text)] }
        return [Finding(check, status.text, .warn, remedy: "wait, or read about otp clock --accept-proofs")]
    }
}

/// The remedies in findings about Redis errors.
enum RedisRemedy {
    static let unreachable = "check OTP_REDIS_URL and the server"
    static let other = "add missing rights, or see the server's log and version"

    static func text(_ error: RedisError) -> String {
        guard error.code == .server || error.serverErrorKind != nil else { return self.unreachable }
        return switch error.serverErrorKind {
        case "READONLY": "this is a replica: use the primary in OTP_REDIS_URL, or redis-sentinel://"
        case "NOREPLICAS": "too few replicas are connected: restore them, or lower min-replicas-to-write"
        case "OOM": "the server is full: raise maxmemory, or delete other data"
        case "MISCONF": "the server cannot save its data: check its disk and its log"
        case "LOADING": "wait until the server has loaded its data"
        case "MASTERDOWN": "this is a replica without a primary: use the primary in OTP_REDIS_URL"
        case "CLUSTERDOWN": "the cluster is down: see CLUSTER INFO"
        case "MOVED", "ASK", "CROSSSLOT": "the server is part of a cluster: use redis-cluster:// in OTP_REDIS_URL"
        case "BUSY": "a script hangs: SCRIPT KILL"
        case "NOPERM": "add the rights that 'redis access' names, on the keys otp:*"
        case "NOAUTH", "WRONGPASS": "check user and password in OTP_REDIS_URL"
        default: self.other
        }
    }
}
