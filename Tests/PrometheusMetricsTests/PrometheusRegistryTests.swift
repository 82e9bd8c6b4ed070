// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Testing

@testable import PrometheusMetrics

/// Tests of the exported text with a strict parser.
@Suite struct PrometheusRegistryTests {
    private static func document(_ registry: PrometheusRegistry) throws -> ExpositionDocument {
        try ExpositionDocument(registry.text)
    }

    @Test func countersWithEqualLabelsShareOneSeries() throws {
        let registry = PrometheusRegistry()
        for amount in [1, 2] {
            Counter(label: "otp.verify", dimensions: [("outcome", "ok"), ("lane", "open")], factory: registry)
                .increment(by: amount)
        }
        Counter(label: "otp.verify", dimensions: [("lane", "open"), ("outcome", "ok")], factory: registry).increment()
        Counter(label: "otp.verify", dimensions: [("outcome", "expired")], factory: registry).increment(by: 7)
        let document = try Self.document(registry)
        #expect(document.families["otp_verify_total"]?.type == "counter")
        #expect(document.value("otp_verify_total", ["outcome": "ok", "lane": "open"]) == 4)
        #expect(document.value("otp_verify_total", ["outcome": "expired"]) == 7)
        #expect(document.families.count == 1)
    }

    @Test func counterNeverDecreasesAndIsKeptAfterItsHandler() throws {
        let registry = PrometheusRegistry()
        let handler = registry.makeCounter(label: "a", dimensions: [])
        handler.increment(by: 5)
        handler.increment(by: -3)
        registry.destroyCounter(handler)
        #expect(try Self.document(registry).value("a_total") == 5)
        handler.reset()
        #expect(try Self.document(registry).value("a_total") == 0)
    }

    @Test func timerIsAHistogramInSeconds() throws {
        let registry = PrometheusRegistry()
        let timer = Metrics.Timer(label: "otp.issue.duration", dimensions: [("step", "a")], factory: registry)
        for milliseconds in [0.05, 1, 3, 70, 40_000] as [Double] { timer.recordMilliseconds(milliseconds) }
        timer.recordNanoseconds(-1)
        let document = try Self.document(registry)
        let name = "otp_issue_duration_seconds"
        #expect(document.families[name]?.type == "histogram")
        #expect(document.value("\(name)_count", ["step": "a"]) == 6)
        let sum = try #require(document.value("\(name)_sum", ["step": "a"]))
        #expect(abs(sum - 40.07405) < 1e-9)
        for (bound, count) in [
            ("0.0001", 2), ("0.0005", 2), ("0.001", 3), ("0.0025", 3), ("0.005", 4), ("0.1", 5), ("30", 5), ("+Inf", 6),
        ] {
            #expect(document.value("\(name)_bucket", ["step": "a", "le": bound]) == Double(count), "\(bound)")
        }
    }

    @Test func bucketsAreCumulativeAndEndWithInfinity() throws {
        let registry = PrometheusRegistry()
        let timer = Metrics.Timer(label: "t", dimensions: [], factory: registry)
        for exponent in 0..<40 { timer.recordNanoseconds(1 << exponent) }
        let samples = try #require(try Self.document(registry).families["t_seconds"]?.samples)
        let buckets = samples.filter { $0.name == "t_seconds_bucket" }
        #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
        #expect(buckets.last?.labels["le"] == "+Inf" && buckets.last?.value == 40)
        #expect(buckets.count == HistogramSeries.seconds.count + 1)
    }

    @Test func gaugesAndRecordersHaveTheirLastValueOrADistribution() throws {
        let registry = PrometheusRegistry()
        Gauge(label: "otp.sends.overdue", dimensions: [], factory: registry).record(3)
        let meter = Meter(label: "connections", dimensions: [], factory: registry)
        meter.increment(by: 4)
        meter.decrement(by: 1.5)
        let recorder = Recorder(label: "size", dimensions: [], aggregate: true, factory: registry)
        for value in [3.0, .nan, .infinity] { recorder.record(value) }
        let document = try Self.document(registry)
        #expect(document.value("otp_sends_overdue") == 3 && document.value("connections") == 2.5)
        #expect(document.value("size_count") == 1 && document.value("size_bucket", ["le": "5"]) == 1)
    }

    @Test func knownMetricsAreListedBeforeTheyAreRecorded() throws {
        let registry = PrometheusRegistry([
            MetricDescription("otp.verify", .counter, by: ["outcome"], "Attempts with \\ and\nlines")
        ])
        let family = try #require(try Self.document(registry).families["otp_verify_total"])
        #expect(family.help == #"Attempts with \\ and\nlines"# && family.samples.isEmpty)
    }

    @Test func hostileLabelsDoNotChangeTheStructure() throws {
        let registry = PrometheusRegistry()
        let value = "a\"} 1\nx{b=\"\\"
        let dimensions = [("le", value), ("__name__", "x"), ("0-é", "y"), ("", "z")]
        Metrics.Timer(label: "9 bad{name", dimensions: dimensions, factory: registry).recordNanoseconds(1)
        let document = try Self.document(registry)
        #expect(Set(document.families.keys) == ["_9_bad_name_seconds"])
        let sample = try #require(document.families.values.first?.samples.last)
        #expect(sample.labels == ["x_le": value, "x___name__": "x", "_0___": "y", "_": "z"])
    }

    @Test func seriesOfAMetricAreBounded() throws {
        let registry = PrometheusRegistry(maximumSeries: 10)
        for number in 0..<1000 {
            let dimensions = [("purpose", "p\(number)"), ("outcome", "ok")]
            Counter(label: "otp.issue", dimensions: dimensions, factory: registry).increment()
        }
        let document = try Self.document(registry)
        let samples = try #require(document.families["otp_issue_total"]?.samples)
        #expect(samples.count == 11)
        #expect(document.value("otp_issue_total", ["purpose": "other", "outcome": "other"]) == 990)
        #expect(samples.map(\.value).reduce(0, +) == 1000)
    }

    @Test func labelsContainNoNumberAndNoKey() throws {
        let registry = PrometheusRegistry()
        let secret = "ak1.web.Zk3vQ1xT9bLw8sYpRr0aMnCdEfGhIjKlMnOpQrStUvW"
        for value in ["login-6591234567", "+65 9123 4567", secret, String(repeating: "x", count: 5000)] {
            Counter(label: "otp.issue", dimensions: [("purpose", value)], factory: registry).increment()
        }
        let text = registry.text
        #expect(!text.contains("91234567") && !text.contains("9123 4567") && !text.contains("Zk3vQ1"))
        #expect(text.contains("login-[number]") && text.utf8.count < 1000)
    }

    @Test func metricOfAnotherKindWithTheSameNameIsNotWritten() throws {
        let registry = PrometheusRegistry()
        Counter(label: "a", dimensions: [], factory: registry).increment()
        Gauge(label: "a.total", dimensions: [], factory: registry).record(9)
        let document = try Self.document(registry)
        #expect(document.value("a_total") == 1 && document.families.count == 1)
    }

    @Test func concurrentRecordsAreNotLost() async throws {
        let registry = PrometheusRegistry()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        Counter(label: "c", dimensions: [("a", "b")], factory: registry).increment()
                        Metrics.Timer(label: "t", dimensions: [], factory: registry).recordNanoseconds(1000)
                        _ = registry.text.isEmpty
                    }
                }
            }
        }
        let document = try Self.document(registry)
        #expect(document.value("c_total", ["a": "b"]) == 4000 && document.value("t_seconds_count") == 4000)
    }

    @Test func partsOfLongerCharactersAreEscaped() {
        #expect(PrometheusName.escapedValue("a\r\nb\"\u{301}\\\u{301}") == "a\r\\nb\\\"\u{301}\\\\\u{301}")
        #expect(PrometheusName.escapedHelp("a\r\n\"") == "a\r\\n\"")
    }

    @Test func namesFollowTheConventions() {
        #expect(MetricDescription("otp.redis.step", .timer, "a").name == "otp_redis_step_seconds")
        #expect(MetricDescription("otp.guard", .counter, "a").name == "otp_guard_total")
        #expect(MetricDescription("requests_total", .counter, "a").name == "requests_total")
        #expect(MetricDescription("otp.sends.overdue", .gauge, "a").name == "otp_sends_overdue")
    }

    @Test func processMetricsAreValid() throws {
        let document = try ExpositionDocument(ProcessMetrics(start: Date(timeIntervalSince1970: 1_800_000_000.5)).text)
        #expect(document.value("process_start_time_seconds") == 1_800_000_000.5)
        #if os(Linux)
            #expect(try #require(document.value("process_resident_memory_bytes")) > 1_000_000)
            #expect(try #require(document.value("process_open_fds")) > 2)
            #expect(try #require(document.value("process_cpu_seconds_total")) > 0)
        #endif
    }
}
