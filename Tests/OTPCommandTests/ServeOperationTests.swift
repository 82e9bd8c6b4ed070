// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OTP
import OTPServer
import OTPTesting
import SMSKit
import ServiceLifecycle
import StrictJSON
import Subprocess
import Synchronization
import SystemPackage
import Testing

@testable import OTPCommand

/// Tests of the metrics, the log records and the notifications of `otp serve`.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ServeOperationTests {
    private static let traceID = "0af7651916cd43dd8448eb211c80319c"

    /// A running service.
    private struct Service {
        let url: String
        let metricsURL: String
        let key: String

        func get(_ url: String) async throws -> (status: Int, text: String) {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
            return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }

        func post(_ path: String, _ body: String) async throws -> (status: Int, text: String) {
            var request = HTTPClientRequest(url: self.url + path)
            request.method = .POST
            request.headers = [
                "authorization": "Bearer \(self.key)", "content-type": "application/json",
                "traceparent": "00-\(ServeOperationTests.traceID)-b7ad6b7169203331-01",
            ]
            request.body = .bytes(Array(body.utf8))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }
    }

    /// Runs a closure with a service, ends the service with SIGTERM, and returns its exit status and its log.
    private static func serve(
        _ environment: [String: String],
        _ arguments: [String],
        in folder: String,
        _ work: (Service) async throws -> Void
    ) async throws -> (status: Int32, log: String) {
        let (key, text) = try APIKey.generate(id: "web", scopes: [.issue, .verify])
        let log = folder + "/log"
        let file = try FileDescriptor.open(
            FilePath(log),
            .writeOnly,
            options: [.create, .append],
            permissions: .ownerReadWrite
        )
        let listen = ["serve", "--json", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]
        let result = try await Subprocess.run(
            .path(FilePath(Program.path)),
            arguments: Arguments(listen + arguments),
            environment: Program.environment(environment.merging(["OTP_API_KEYS": key.entry]) { _, new in new }),
            input: .none,
            output: .sequence,
            error: .fileDescriptor(file, closeAfterSpawningProcess: true)
        ) { execution in
            var first = ""
            for try await line in execution.standardOutput.strings() {
                first = line
                break
            }
            let report = try JSON(parsing: Array(first.utf8.filter { $0 != 10 }), rules: .ownFormat)
            let service = Service(
                url: try #require(report["url"]?.string),
                metricsURL: try #require(report["metricsURL"]?.string),
                key: text
            )
            try await work(service)
            try execution.send(signal: .terminate)
        }
        return (Program.status(result.terminationStatus), try String(contentsOfFile: log, encoding: .utf8))
    }

    @Test func metricsAndLogsShowARegistrationWithoutSecrets() async throws {
        try await Demo.run { demo in
            try await withFolder { folder in
                var secrets = ["91234567"]
                var metrics = ""
                let arguments = ["--log-format", "json", "--log-level", "debug"]
                let (status, log) = try await Self.serve(demo.environment, arguments, in: folder) { service in
                    let call = #""number":"+6591234567","purpose":"sign-in""#
                    let issued = try await service.post("/v1/verifications", "{\(call)}")
                    try #require(issued.status == 201, "\(issued)")
                    let token = try #require(issued.text.firstMatch(of: /"token":"([^"]+)"/)?.1)
                    let code = try await demo.code("+6591234567")
                    let body = #"{\#(call),"token":"\#(token)","code":"\#(code)"}"#
                    let checked = try await service.post("/v1/verifications/check", body)
                    #expect(checked.status == 200)
                    let proof = try #require(checked.text.firstMatch(of: /"proof":"([^"]+)"/)?.1)
                    secrets += [String(token), String(proof), service.key, String(service.key.suffix(20))]
                    #expect(try await service.get(service.url + "/metrics").status == 404)
                    let scraped = try await service.get(service.metricsURL)
                    #expect(scraped.status == 200)
                    metrics = scraped.text
                    // A code has only six digits, so it is looked for as a value, and not as a part of a number.
                    #expect(!metrics.contains("\"\(code)\"") && !metrics.contains("-\(code)"))
                }
                #expect(status == 0)
                for line in [
                    #"otp_issue_total{outcome="ok",purpose="sign-in"} 1"#,
                    #"otp_sends_total{lane="open",outcome="accepted"} 1"#,
                    #"otp_http_duration_seconds_count{method="POST",route="/v1/verifications",status="201"} 1"#,
                    #"otp_redis_step_seconds_count{step="verify"} 1"#, "otp_issue_duration_seconds_count 1",
                    "# TYPE otp_redis_failovers_total counter", "otp_sends_overdue 0",
                ] { #expect(metrics.contains(line + "\n"), "\(line)") }
                try Self.check(log)
                for secret in secrets { #expect(!metrics.contains(secret) && !log.contains(secret)) }
            }
        }
    }

    @Test(arguments: [false, true])
    func pageOfOperatorsIsOffByDefault(isOn: Bool) async throws {
        try await Demo.run { demo in
            try await withFolder { folder in
                let (status, _) = try await Self.serve(demo.environment, isOn ? ["--admin-page"] : [], in: folder) {
                    service in
                    let page = try await service.get(service.metricsURL.replacing("/metrics", with: "/admin"))
                    #expect(page.status == (isOn ? 200 : 404) && page.text.contains("API key") == isOn)
                    #expect(try await service.get(service.url + "/admin").status == 404)
                    #expect(try await service.post("/v1/admin/guard/status", "{}").status == 403)
                }
                #expect(status == 0)
            }
        }
    }

    /// Checks that each line of a log is one record, and that the records of a request have its IDs.
    private static func check(_ log: String) throws {
        #expect(log.hasSuffix("\n"))
        let records = try log.split(separator: "\n").map { try JSON(parsing: Array($0.utf8), rules: .ownFormat) }
        let requests = records.filter { $0["message"]?.string == "Request finished" }
        #expect(requests.count == 3)
        let first = try #require(requests.first?["metadata"])
        #expect(first["http.route"]?.string == "/v1/verifications" && first["trace_id"]?.string == Self.traceID)
        let id = try #require(first["hb.request.id"]?.string)
        let own = records.filter { $0["metadata"]?["hb.request.id"]?.string == id }.compactMap { $0["message"]?.string }
        #expect(
            own.contains("Code sent") && own.contains("otp.issue") && own.contains("Gateway request finished"),
            "\(own)"
        )
        #expect(
            records.allSatisfy { $0["time"]?.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil }
        )
    }

    @Test func serviceManagerIsNotifiedOfStartSignsOfLifeAndShutdown() async throws {
        try await Demo.run { demo in
            try await withFolder { folder in
                let socket = try NotifySocket(folder + "/notify")
                let variables = ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "50000"]
                let environment = demo.environment.merging(variables) { _, new in new }
                let (status, _) = try await Self.serve(environment, [], in: folder) { _ in
                    try await poll("signs of life") { try socket.states.count { $0 == "WATCHDOG=1" } > 2 }
                }
                #expect(status == 0)
                let states = try socket.states.filter { $0 != "WATCHDOG=1" }
                #expect(states == ["READY=1", "STOPPING=1"])
            }
        }
    }

    @Test func missingServiceManagerStopsNothing() async {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for path in ["/nowhere/notify", "relative", "@abstract", "", String(repeating: "/x", count: 200)] {
            await ServiceManager(["NOTIFY_SOCKET": path], logger: logger).notify("READY=1")
        }
        let other = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]
        #expect(ServiceManager(other, logger: logger).watchdogTimeout == nil)
        #expect(ServiceManager(["WATCHDOG_USEC": "1000000"], logger: logger).watchdogTimeout == nil)
        let own = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "\(getpid())"]
        #expect(ServiceManager(own, logger: logger).watchdogTimeout == .seconds(1))
    }

    @Test func serviceIsNotReadyButServesRequestsDuringTheDrainDelay() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let drain = DrainService(delay: .seconds(3600))
        let otp = try OTPService(
            store: InMemoryOTPStore(),
            sms: RecordingSMSClient(),
            keys: KeyRing(text: KeyRing.makeText()),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: MessageTemplates(brand: "Acme")
        )
        let keys = try APIKeyRing(text: APIKey.generate(id: "a", scopes: [.issue]).key.entry)
        let service = OTPHTTPService(
            routes: OTPRoutes(otp: otp, keys: keys),
            port: 0,
            isReady: { !drain.isDraining },
            onServerRunning: { continuation.yield($0) }
        )
        let group = ServiceGroup(
            services: [service, drain],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await withTaskGroup { tasks in
            tasks.addTask { try? await group.run() }
            defer { tasks.cancelAll() }
            await #expect(throws: Never.self) {
                let url = "http://127.0.0.1:\(try #require(await ports.first { _ in true }))"
                func status(_ path: String) async throws -> Int {
                    let request = HTTPClientRequest(url: url + path)
                    return Int(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status.code)
                }
                #expect(try await status("/readyz") == 200)
                await group.triggerGracefulShutdown()
                try await poll("the end of readiness") { try await status("/readyz") == 503 }
                #expect(try await status("/livez") == 200)
                #expect(try await status("/v1/verifications") == 405)
            }
        }
    }

    @Test func invalidOptionsAreUsageErrors() async throws {
        for arguments in [
            ["--metrics-listen", "9464"], ["--log-format", "xml"], ["--log-level", "loud"], ["--drain-delay", "-1"],
            ["--drain-delay", "601"], ["--admin-page"],
        ] {
            let run = try await Program.run(["serve"] + arguments)
            #expect(run.status == 64, "\(arguments): \(run)")
        }
    }
}
