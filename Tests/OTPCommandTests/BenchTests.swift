// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import OTPCommand

/// Tests of `otp bench`.
@Suite(.timeLimit(.minutes(3))) struct BenchTests {
    private struct Report: Decodable {
        struct Row: Decodable {
            var step: String
            var requests: Int
            var failures: [String: Int]
            var p50: Double
            var p99: Double
        }

        var rate: Double
        var steps: [Row]
    }

    @Test func aDemoIsMeasured() async throws {
        // A Redis server that stalls for a second on a busy machine would fail requests.
        try await Demo.run(["--store", "memory"]) { demo in
            try await withFolder { folder in
                let svg = folder + "/latency.svg"
                let run = try await demo.otp("bench", "--rate", "10", "--duration", "2", "--json", "--svg", svg)
                let report = try run.json(Report.self)
                #expect(report.rate == 10 && report.steps.map(\.step) == ["issue", "check"])
                for row in report.steps {
                    #expect(row.requests == 20 && row.failures.isEmpty && row.p50 > 0 && row.p50 <= row.p99)
                }
                #expect(run.status == 0)
                let image = try String(contentsOfFile: svg, encoding: .utf8)
                #expect(image.hasPrefix("<svg") && image.components(separatedBy: "<polyline").count == 3)
            }
        }
    }

    @Test func failuresAreCountedAndChangeTheExitStatus() async throws {
        try await Demo.run(["--store", "memory"]) { demo in
            let run = try await demo.otp(
                "bench",
                "--rate",
                "5",
                "--duration",
                "1",
                "--warmup",
                "0",
                "--json",
                changing: ["OTP_API_KEY": "ak1.web.wrong"]
            )
            let rows = try run.json(Report.self).steps
            #expect(run.status == 2 && rows.map(\.step) == ["issue"] && rows.first?.failures == ["status 401": 5])
            #expect(!run.output.contains("ak1.web.wrong") && !run.errors.contains("ak1.web.wrong"))
        }
    }

    @Test(arguments: ["http://example.com", "http://10.0.0.1:8080", "https://127.0.0.1.example.com", "http://[::2]:80"])
    func anotherMachineRequiresPermission(url: String) throws {
        let environment = ["OTP_API_KEY": "key"]
        #expect(throws: CommandFailure.self) {
            try BenchTarget(url: url, environment: environment, allowsRemote: false)
        }
        #expect(try BenchTarget(url: url, environment: environment, allowsRemote: true).url == url)
    }

    @Test func loopbackRequiresNoPermission() throws {
        for url in ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:80", "http://127.1.2.3"] {
            let target = try BenchTarget(
                url: nil,
                environment: ["OTP_API_KEY": "k", "OTP_SERVICE_URL": url],
                allowsRemote: false
            )
            #expect(!target.url.hasSuffix("/"))
        }
    }

    @Test(arguments: [
        [:], ["OTP_SERVICE_URL": "http://127.0.0.1"], ["OTP_SERVICE_URL": "127.0.0.1", "OTP_API_KEY": "k"],
        ["OTP_SERVICE_URL": "ftp://127.0.0.1", "OTP_API_KEY": "k"],
        ["OTP_SERVICE_URL": "http://u:p@127.0.0.1", "OTP_API_KEY": "k"],
    ])
    func missingAndUnusableSettingsAreErrors(environment: [String: String]) {
        #expect(throws: CommandFailure.self) {
            try BenchTarget(url: nil, environment: environment, allowsRemote: false)
        }
    }

    /// A clock that moves only by sleeping.
    private final class StepClock: Clock {
        struct Instant: InstantProtocol {
            var offset: Duration
            func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
            func duration(to other: Instant) -> Duration { other.offset - self.offset }
            static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
        }

        private let time = Mutex(Instant(offset: .zero))

        var now: Instant { self.time.withLock { $0 } }
        var minimumResolution: Duration { .nanoseconds(1) }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            self.time.withLock { $0 = max($0, deadline) }
        }
    }

    @Test func tasksAreDueAtAFixedRateHoweverLongTheyTake() async {
        let due = Mutex<[Int: Duration]>([:])
        let load = OpenLoad(rate: 4, duration: .seconds(3))
        await load.run(clock: StepClock()) { number, instant in
            due.withLock { $0[number] = instant.offset }
            for _ in 0..<100 { await Task.yield() }
        }
        let expected = (0..<12).map { ($0, Duration.milliseconds(250 * $0)) }
        #expect(due.withLock { $0 } == Dictionary(uniqueKeysWithValues: expected))
    }

    @Test func percentilesCountFailuresSeparately() {
        let recorder = BenchRecorder()
        for milliseconds in 1...100 { recorder.record(.issue, .milliseconds(milliseconds)) }
        recorder.fail(.issue, "status 503")
        let report = recorder.report(rate: 10, duration: .seconds(10))
        #expect(report.hasFailures && report.steps.count == 1)
        #expect(abs(report.steps[0].p50 - 50) < 0.1 && abs(report.steps[0].p99 - 99) < 0.1)
        #expect(report.steps[0].requests == 101 && report.lines.contains("issue: 1 with status 503"))
    }
}
