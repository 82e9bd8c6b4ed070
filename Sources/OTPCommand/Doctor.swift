import AlibabaSMS
import CHiredis
import Foundation
import Hiredis
import OTP
import OTPRedis
import SMS

/// Examines the settings and what they point at.
struct Doctor: Sendable {
    let settings: Settings

    func examine() async -> [Finding] {
        var findings = [
            Finding("hiredis", "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)")
        ]
        findings += await self.redis()
        findings.append(self.keys())
        findings.append(self.countries())
        findings.append(NumberingExamination(settings: self.settings).finding())
        findings.append(self.texts())
        findings.append(await self.credentials())
        findings += await GatewayExamination(settings: self.settings).findings()
        return findings
    }

    private func keys() -> Finding {
        self.setting("keys", "OTP_KEYS") { () throws(CommandFailure) in "\(try self.settings.keys())" }
    }

    private func countries() -> Finding {
        self.setting("countries", "OTP_COUNTRIES") { () throws(CommandFailure) in
            let count = try self.settings.policy(sends: true).destinations.count
            return "\(count) region\(count == 1 ? "" : "s")"
        }
    }

    private func texts() -> Finding {
        self.setting("texts", "OTP_BRAND") { () throws(CommandFailure) in
            // Without the list of countries, which has a check of its own, every language can be sent.
            let policy = (try? self.settings.policy(sends: true)) ?? OTPPolicy(destinations: Set(Region.all))
            return try self.settings.texts(for: policy)
        }
    }

    private func credentials() async -> Finding {
        await CredentialExamination(settings: self.settings).finding()
    }

    /// A finding about a setting; one that is missing is a fault, one that is there and unreadable is a worse one.
    private func setting(
        _ check: String,
        _ variable: String,
        _ read: () throws(CommandFailure) -> String
    ) -> Finding {
        do {
            return Finding(check, try read())
        } catch {
            return .fault(check, error)
        }
    }

    private func redis() async -> [Finding] {
        let configuration: RedisConfiguration
        do {
            configuration = try self.settings.redis()
        } catch {
            return [.fault("redis", error)]
        }
        let address = configuration.deployment.description
        do {
            return try await withRedis(configuration) { try await self.examine($0, configuration) }
        } catch {
            return [
                Finding("redis", "\(address): \(reason(error))", .fail, remedy: "check OTP_REDIS_URL and the server")
            ]
        }
    }

    private func examine(_ client: RedisClient, _ configuration: RedisConfiguration) async throws -> [Finding] {
        var latencies: [Duration] = []
        for _ in 0..<5 {
            latencies.append(try await ContinuousClock().measure { _ = try await client.send("PING") })
        }
        latencies.sort()
        let facts = try? await RedisFacts(client)
        let version = facts?.version.map { "redis \($0)" } ?? "version not told"
        var findings = [Finding("redis", "\(version) at \(configuration.deployment), \(latencies[2].millisecondsText)")]
        findings.append(Self.eviction(facts?.evictionPolicy))
        findings.append(await self.clock(client))
        findings.append(await self.permissions(client, configuration))
        return findings
    }

    private static func eviction(_ policy: String?) -> Finding {
        switch policy {
        case "noeviction"?: Finding("eviction", "noeviction")
        case let policy?:
            Finding(
                "eviction",
                policy,
                .fail,
                remedy: "set maxmemory-policy noeviction: an evicted counter is a lifted limit"
            )
        case nil:
            Finding("eviction", "not told", .warn, remedy: "make sure that maxmemory-policy is noeviction")
        }
    }

    private func clock(_ client: RedisClient) async -> Finding {
        guard
            case .array(let parts)? = try? await client.send("TIME"), parts.count == 2,
            case .bulk(let secondsText) = parts[0], case .bulk(let microsecondsText) = parts[1],
            let seconds = Double(String(decoding: secondsText, as: UTF8.self)),
            let microseconds = Double(String(decoding: microsecondsText, as: UTF8.self))
        else {
            return Finding("redis clock", "not told", .fail, remedy: "let the user call TIME: lives and limits need it")
        }
        let difference = seconds + microseconds / 1_000_000 - Date().timeIntervalSince1970
        let text = Duration.seconds(difference).millisecondsText
        // Lives and limits go by the store's clock alone, so this is about what people are shown.
        return abs(difference) < 2
            ? Finding("redis clock", "\(text) from this one")
            : Finding("redis clock", "\(text) from this one", .warn, remedy: "keep both clocks with NTP")
    }

    private func permissions(_ client: RedisClient, _ configuration: RedisConfiguration) async -> Finding {
        let access = RedisAccess(configuration)
        do throws(RedisError) {
            let missing = try await access.missing(client)
            guard !missing.isEmpty else { return Finding("redis access", "all that is needed") }
            return Finding(
                "redis access",
                "missing: \(missing.joined(separator: ", "))",
                .fail,
                remedy: "ACL SETUSER \(configuration.username ?? "default") \(access.rules)"
            )
        } catch {
            return Finding("redis access", error.message, .fail, remedy: "check the server")
        }
    }
}

extension Finding {
    /// A setting that is missing or unreadable.
    static func fault(_ check: String, _ failure: CommandFailure) -> Finding {
        var finding = Finding(check, failure.message, .fail)
        finding.isUnreadable = failure.code != "missingSetting"
        return finding
    }
}
