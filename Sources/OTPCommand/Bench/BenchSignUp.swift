// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import AsyncHTTPClient
import JSONOutput
import NIOCore
import NIOHTTP1
import StrictJSON

/// One sign-up, which issues a code, reads it from the inbox and checks it.
struct BenchSignUp: Sendable {
    let target: BenchTarget
    let http: HTTPClient
    let timeout: TimeAmount

    /// The inbox; `nil` if codes are only issued.
    let inbox: InboxClient?

    /// Performs a sign-up, and records the latencies of its requests.
    func run(due: ContinuousClock.Instant, _ recorder: BenchRecorder) async {
        let number = "+659\(String(Int.random(in: 10_000_000..<20_000_000)).dropFirst())"
        let call: [(name: String, value: JSONText)] = [("number", .string(number)), ("purpose", "bench")]
        // The guard limits the messages per address, so every sign-up uses a random address.
        let address = (0..<3).map { _ in "\(Int.random(in: 0...255))" }.joined(separator: ".")
        let client: [(name: String, value: JSONText)] = [("client", ["address": .string("10.\(address)")])]
        guard let challenge = await self.request(.issue, call + client, due: due, recorder), let inbox else { return }
        guard let token = challenge["token"]?.string else { return recorder.fail(.issue, "no token") }
        guard let message = try? await inbox.wait(for: InboxFilter(to: number)), let code = message.code else {
            return recorder.fail(.check, "no code in the inbox")
        }
        let body = call + [("token", .string(token)), ("code", .string(code))]
        _ = await self.request(.check, body, due: .now, recorder)
    }

    /// Sends a request, and returns the JSON document of the response; returns `nil` if the request fails.
    private func request(
        _ step: BenchStep,
        _ body: [(name: String, value: JSONText)],
        due: ContinuousClock.Instant,
        _ recorder: BenchRecorder
    ) async -> JSON? {
        var request = HTTPClientRequest(url: self.target.url + step.path)
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(self.target.key)")
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(JSONText.object(body).bytes)
        do {
            let response = try await self.http.execute(request, timeout: self.timeout)
            let content = try await response.body.collect(upTo: 1 << 16)
            guard Int(response.status.code) == step.success else {
                recorder.fail(step, "status \(response.status.code)")
                return nil
            }
            recorder.record(step, ContinuousClock.now - due)
            return try JSON(parsing: Array(content.readableBytesView), rules: .ownFormat)
        } catch {
            // The description of an error may quote the request, so only the type is recorded.
            recorder.fail(step, "\(type(of: error))")
            return nil
        }
    }
}
