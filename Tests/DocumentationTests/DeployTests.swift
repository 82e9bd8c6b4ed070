// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PrometheusMetrics
import Testing

@testable import OTPCommand

/// Tests that the files in `deploy` and the documentation use the same names of metrics and options as the code.
///
/// `scripts/deploy-check` checks the files with the tools for each format.
@Suite struct DeployTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The names of all time series, including those with the suffixes of histograms.
    private static var series: Set<String> {
        var names: Set<String> = [
            "process_start_time_seconds", "process_open_fds", "process_cpu_seconds_total",
            "process_resident_memory_bytes",
        ]
        for metric in MetricCatalogue.all {
            let suffixes = metric.kind == .timer ? ["_bucket", "_sum", "_count"] : [""]
            names.formUnion(suffixes.map { metric.name + $0 })
        }
        return names
    }

    private static let labels = Set(MetricCatalogue.all.flatMap(\.dimensions)).union(["instance", "job", "le"])

    @Test(arguments: ["deploy/prometheus/alerts.yml", "deploy/grafana/otp.json"])
    func expressionsUseExistingMetricsAndLabels(path: String) throws {
        let text = try Self.text(path)
        let names = text.matches(of: /\b((?:otp|alibabasms|process)_[a-z0-9_]+)\b/).map { String($0.1) }
        #expect(Set(names).subtracting(Self.series).isEmpty)
        #expect(Set(names).count >= 10)
        let matchers = text.matches(of: /[{,]\s?([a-z_]+)(?:=~|!=|!~|=)\\?"/).map { String($0.1) }
        let groups = text.matches(of: /by \(([a-z_, ]+)\)/)
            .flatMap { $0.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(Set(matchers + groups).subtracting(Self.labels).isEmpty)
        #expect(!matchers.isEmpty && !groups.isEmpty)
    }

    @Test func catalogueHasTheMetricsOfTheDocumentation() throws {
        let lines = try Self.text("Docs/Metrics.md").components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| Metric |") })
        var documented: Set<String> = []
        for row in lines[(start + 2)...].prefix(while: { $0.hasPrefix("|") }) {
            let cells = row.split(separator: "|").map { String($0) }
            let labels = cells[2].matches(of: /`([a-z]+)`/).map { String($0.1) }
            let kind = cells[1].trimmingCharacters(in: .whitespaces)
            for name in cells[0].matches(of: /`([^`]+)`/) { documented.insert("\(name.1) \(kind) \(labels)") }
        }
        let known = MetricCatalogue.all.map { "\($0.label) \($0.kind) \($0.dimensions)" }
        #expect(Set(known) == documented)
        #expect(Set(MetricCatalogue.all.map(\.name)).count == known.count)
        #expect(MetricCatalogue.all.allSatisfy { !$0.help.isEmpty && !$0.help.hasSuffix(".") })
    }

    @Test func startedCommandsAreValid() throws {
        let unit = try Self.text("deploy/systemd/otp.service")
        let start = try #require(unit.firstMatch(of: /ExecStart=\S+ serve (.+)/)?.1)
        var commands = [start.split(separator: " ").map(String.init)]
        for path in ["docker-compose.yml", "deploy/kubernetes/otp.yaml"] {
            let text = try Self.text(path)
            let list = try #require(text.split(separator: "- serve\n").last)
            let items = list.split(separator: "\n").filter { !$0.contains("#") }.prefix { $0.contains("- --") }
            commands.append(items.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " -")) }.map { "--\($0)" })
        }
        for command in commands {
            let serve = try ServeCommand.parse(command)
            #expect(serve.operation.metricsListen != nil && serve.operation.logFormat == .json, "\(command)")
        }
    }
}
