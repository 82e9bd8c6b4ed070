// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPRedis

/// A check of every Redis server that stores data of the service.
///
/// Depending on the deployment, the check covers a single server, the primary behind the sentinels, or all primaries of a
/// cluster.
struct RedisExamination: Sendable {
    let configuration: RedisConfiguration

    func findings() async -> [Finding] {
        switch self.configuration.deployment.kind {
        case .standalone(let endpoint):
            return await ServerExamination(name: endpoint.description, direct: self.configuration).findings()
        case .sentinel(let sentinel):
            let (finding, primary) = await SentinelExamination(configuration: self.configuration, sentinel).finding()
            let name = primary.map { "\(sentinel.primaryName) at \($0)" } ?? sentinel.primaryName
            return [finding] + (await ServerExamination(name: name, direct: self.configuration).findings())
        case .cluster(let seeds):
            return await self.cluster(seeds)
        }
    }

    private func cluster(_ seeds: [RedisConfiguration.Endpoint]) async -> [Finding] {
        var failures: [Finding] = []
        for seed in seeds {
            do {
                let primaries = try await withRedis(self.configuration.direct(to: seed)) { client in
                    try ClusterPrimaries(try await client.send("CLUSTER", "SLOTS"), from: seed)
                }
                return failures.map { $0.weakened() } + (await self.examine(primaries))
            } catch {
                failures.append(Self.failure(of: seed, error))
            }
        }
        return failures
    }

    private func examine(_ primaries: ClusterPrimaries) async -> [Finding] {
        let endpoints = primaries.endpoints
        var findings = [Finding("cluster", "\(endpoints.count) primaries serve all hash slots")]
        if primaries.unservedSlots > 0 {
            let text = "\(primaries.unservedSlots) of 16384 hash slots are not served"
            findings = [
                Finding("cluster", text, .fail, remedy: "repair the cluster: see CLUSTER INFO and CLUSTER NODES")
            ]
        }
        for endpoint in endpoints {
            let examination = ServerExamination(
                name: endpoint.description,
                direct: self.configuration.direct(to: endpoint),
                service: self.configuration,
                serves: { primaries.endpoint(ofKey: $0) == endpoint }
            )
            findings += await examination.findings()
        }
        return findings
    }

    private static func failure(of seed: RedisConfiguration.Endpoint, _ error: any Error) -> Finding {
        let isServer = (error as? RedisError)?.serverErrorKind == "ERR"
        let remedy = isServer ? "for a single server, use redis:// in OTP_REDIS_URL" : RedisRemedy.unreachable
        return Finding("cluster", "no slot map: \(reason(error))", .fail, remedy: remedy, node: "\(seed)")
    }
}

/// A check of the sentinels, which must all name the same primary.
struct SentinelExamination: Sendable {
    private let configuration: RedisConfiguration
    private let sentinel: RedisConfiguration.Sentinel

    init(configuration: RedisConfiguration, _ sentinel: RedisConfiguration.Sentinel) {
        var configuration = configuration
        configuration.username = sentinel.username
        configuration.password = sentinel.password
        configuration.database = 0
        configuration.minimumReplicas = 0
        self.configuration = configuration
        self.sentinel = sentinel
    }

    /// Asks each sentinel for the address of the primary.
    ///
    /// - Returns: The result of the check, and the address in the first usable reply; `nil` without a usable reply.
    func finding() async -> (Finding, primary: String?) {
        var named: [String] = []
        var faults: [String] = []
        for endpoint in self.sentinel.sentinels {
            do {
                named.append(try await self.primary(by: endpoint))
            } catch {
                faults.append("\(endpoint): \(reason(error))")
            }
        }
        let count = self.sentinel.sentinels.count
        guard let primary = named.first else {
            let remedy = "check the sentinels in OTP_REDIS_URL, their password, and the name of the primary"
            return (Finding("sentinels", faults.joined(separator: "; "), .fail, remedy: remedy), nil)
        }
        if Set(named).count > 1 { faults.append("they name different primaries: \(Set(named).sorted())") }
        guard faults.isEmpty else {
            let remedy = "a failover may fail or stay unnoticed: repair these sentinels"
            return (Finding("sentinels", faults.joined(separator: "; "), .warn, remedy: remedy), primary)
        }
        return (Finding("sentinels", "\(named.count) of \(count) name \(primary)"), primary)
    }

    private func primary(by endpoint: RedisConfiguration.Endpoint) async throws -> String {
        try await withRedis(self.configuration.direct(to: endpoint)) { client in
            let name = self.sentinel.primaryName
            let reply = try await client.send("SENTINEL", "GET-MASTER-ADDR-BY-NAME", .text(name))
            guard case .array(let parts) = reply, parts.count == 2, case .bulk(let host) = parts[0],
                case .bulk(let port) = parts[1]
            else { throw CommandFailure(.negative, "sentinel", "it watches no primary named \(name)") }
            let text = "\(String(decoding: host, as: UTF8.self)):\(String(decoding: port, as: UTF8.self))"
            return String(text.filter { $0.isASCII && !$0.isWhitespace }.prefix(300))
        }
    }
}

extension RedisConfiguration {
    /// Returns a copy of the configuration that connects only to the given server.
    func direct(to endpoint: Endpoint) -> Self {
        var configuration = self
        configuration.deployment = .standalone(endpoint)
        return configuration
    }
}
