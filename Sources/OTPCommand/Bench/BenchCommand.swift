// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import OTPEnvironment

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure an HTTP service under a fixed rate of sign-ups.",
        discussion: """
            Starts sign-ups at a fixed rate, however slow the responses are. Each sign-up issues a code for a random number in \
            Singapore, reads the code from the inbox of the emulator, and checks it. The latency of a request counts from the \
            time at which the request was due, so a slow service cannot hide its latency by slowing the requests down.

            The service must use an emulator as its gateway. Each sign-up has its own address for the guard. The budgets of the \
            guard must permit all messages.

            EXAMPLES
              otp demo --env-file .otp-demo.env     # in another terminal
              . ./.otp-demo.env && otp bench --rate 50 --duration 30
              otp bench http://127.0.0.1:8080 --rate 200 --json > bench.json
              otp bench --svg latency.svg

            ENVIRONMENT
              required: OTP_API_KEY, OTP_SERVICE_URL unless the URL is an argument
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions

    @Argument(help: ArgumentHelp("The URL of the service (OTP_SERVICE_URL).", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The sign-ups per second, 0.1 to 100,000.", valueName: "n"))
    var rate = 50.0

    @Option(help: ArgumentHelp("The duration of the measurement, 1 to 86,400.", valueName: "seconds"))
    var duration = 10

    @Option(help: ArgumentHelp("The duration of an unmeasured start, 0 to 3,600.", valueName: "seconds"))
    var warmup = 1

    @Option(help: ArgumentHelp("The maximum number of connections, 1 to 10,000.", valueName: "n"))
    var connections = 64

    @Option(help: ArgumentHelp("The maximum time of one request, 1 to 600.", valueName: "seconds"))
    var timeout = 30

    @Flag(help: "Only issue codes.")
    var issueOnly = false

    @Flag(help: "Permit a service on another machine, which may send messages that cost money.")
    var allowRemote = false

    @Option(help: ArgumentHelp("Write the percentiles of the latency to an SVG file.", valueName: "file"))
    var svg: String?

    func validate() throws {
        guard (0.1...100_000).contains(self.rate) else { throw ValidationError("--rate must be 0.1 to 100000") }
        guard (1...86_400).contains(self.duration) else { throw ValidationError("--duration must be 1 to 86400") }
        guard (0...3_600).contains(self.warmup) else { throw ValidationError("--warmup must be 0 to 3600") }
        guard (1...10_000).contains(self.connections) else {
            throw ValidationError("--connections must be 1 to 10000")
        }
        guard (1...600).contains(self.timeout) else { throw ValidationError("--timeout must be 1 to 600") }
    }

    func run() async throws {
        try await self.common.run { output in
            let target = try BenchTarget(
                url: self.url,
                environment: ProcessInfo.processInfo.environment,
                allowsRemote: self.allowRemote
            )
            OpenFileLimit.raise()
            let report = try await self.measure(target)
            try self.writeSVG(report)
            try output.show(report, lines: report.lines)
            if report.hasFailures { throw ExitCode(ExitStatus.negative.rawValue) }
        }
    }

    private func measure(_ target: BenchTarget) async throws -> BenchReport {
        var configuration = HTTPClient.Configuration.impatient
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = self.connections
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result = await asyncResult {
            try await self.inbox.withInbox { inbox in
                let signUp = BenchSignUp(
                    target: target,
                    http: http,
                    timeout: .seconds(Int64(self.timeout)),
                    inbox: self.issueOnly ? nil : inbox
                )
                _ = await self.run(signUp, for: .seconds(self.warmup), isMeasured: false)
                return await self.run(signUp, for: .seconds(self.duration), isMeasured: true)
            }
        }
        try await http.shutdown()
        return try result.get()
    }

    private func run(_ signUp: BenchSignUp, for duration: Duration, isMeasured: Bool) async -> BenchReport {
        let recorder = BenchRecorder()
        let load = OpenLoad(rate: self.rate, duration: duration)
        let line = isMeasured && !self.common.json ? BenchLine(recorder, load) : nil
        let start = ContinuousClock.now
        await load.run(clock: ContinuousClock()) { _, due in await signUp.run(due: due, recorder) }
        line?.end()
        return recorder.report(rate: self.rate, duration: ContinuousClock.now - start)
    }

    private func writeSVG(_ report: BenchReport) throws {
        guard let svg = self.svg else { return }
        do {
            try BenchChart(report).svg.write(toFile: svg, atomically: true, encoding: .utf8)
        } catch {
            throw CommandFailure(.error, "file", "the chart cannot be written to \(svg): \(reason(error))")
        }
    }
}
