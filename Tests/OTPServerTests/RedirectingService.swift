// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

/// A service that issues a code, and responds to each check with the same status and a redirect.
final class RedirectingService: Sendable {
    private struct Observed {
        var paths: [String] = []
        var secretIsInArguments = false
    }

    private let status: Int
    private let secrets: [String]
    private let observed = Mutex(Observed())

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - status: The status of each check.
    ///   - secrets: The texts that must not be in the arguments of a process during a request.
    init(status: Int, secrets: [String]) {
        self.status = status
        self.secrets = secrets
    }

    /// The paths of the requests.
    var paths: [String] { self.observed.withLock { $0.paths } }

    /// Whether a process had a secret in its arguments during a request.
    var secretIsInArguments: Bool { self.observed.withLock { $0.secretIsInArguments } }

    /// Runs the service, and a closure that receives its address.
    func run(_ body: (String) async throws -> Void) async throws {
        let router = Router()
        router.post("v1/verifications") { request, _ in self.respond(to: request, .created, #"{"token":"v1.t"}"#) }
        router.post("v1/verifications/check") { request, _ in
            self.respond(to: request, .init(code: self.status), #"{"proof":"p2.p"}"#)
        }
        for method in [HTTPRequest.Method.get, .post] {
            router.on("welcome", method: method) { request, _ in self.respond(to: request, .ok, "{}") }
        }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            try await body("http://127.0.0.1:\(try #require(await ports.first { _ in true }))")
        }
    }

    private func respond(to request: Request, _ status: HTTPResponse.Status, _ body: String) -> Response {
        let leak = Self.arguments().contains { arguments in self.secrets.contains { arguments.contains($0) } }
        self.observed.withLock {
            $0.paths.append(request.uri.path)
            $0.secretIsInArguments = $0.secretIsInArguments || leak
        }
        return Response(
            status: status,
            headers: [.location: "/welcome", .contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }

    /// Returns the arguments of all processes.
    private static func arguments() -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }
            .compactMap { process in
                FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
                    .map { String(decoding: $0, as: UTF8.self) }
            }
    }
}
