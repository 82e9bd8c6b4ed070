// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Records each request to the gateway with its response.
struct RequestRecorder: Sendable {
    /// The maximum number of bytes of a response body that are buffered for the record.
    fileprivate static let maximumResponseSize = 64 * 1024

    let log: RequestLog
    let accessKeys: AccessKeys
    let now: @Sendable () -> Date
    /// Whether the gateway accepts requests with unknown AccessKeys.
    var acceptsAnyKey = false

    /// Passes a request to the gateway, and records the request with its response.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - gateway: A closure that responds to a request. The second argument is the request ID.
    /// - Returns: The response of the gateway.
    /// - Throws: The error of the gateway.
    func respond(
        to request: Request,
        by gateway: (Request, String) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let requestID = UUID().uuidString
        var request = request
        var body: [UInt8] = []
        do {
            body = Array(try await request.collectBody(upTo: GatewayRoute.maximumBodySize).readableBytesView)
        } catch {
            // An error interrupted the request body, and the gateway must fail with the same error.
            request.body = RequestBody(asyncSequence: FailingBody(error: error))
        }
        let call = GatewayCall(request, body: body)
        let masking = Masking(secrets: self.accessKeys.configuredCredentials.map(\.accessKeySecret))
        let record = RequestRecord(
            call,
            namespace: call.namespace(self.accessKeys, acceptsAnyKey: self.acceptsAnyKey) ?? InboxNamespace.standard,
            requestID: requestID,
            masking: masking,
            at: self.now()
        )
        let id = self.log.append(record)
        do {
            let response = try await gateway(request, requestID)
            let observer = ResponseObserver(status: response.status.code, length: response.body.contentLength) {
                self.finish(id, call, $0, after: ContinuousClock.now - start)
            }
            return Self.observe(response, with: observer)
        } catch {
            self.finish(id, call, .init(status: nil, isComplete: false), after: ContinuousClock.now - start)
            throw error
        }
    }

    private func finish(_ id: Int, _ call: GatewayCall, _ response: ObservedResponse, after time: Duration) {
        let summary = ResponseSummary(response.body)
        let diagnosis = SignatureDiagnosis(of: call, accessKeys: self.accessKeys)
        self.log.update(id) { record in
            record.milliseconds = (time / .microseconds(1)).rounded() / 1000
            record.signature = diagnosis
            record.status = response.isComplete ? response.status : nil
            record.code = response.isComplete ? summary.code?.shortened(to: 128) : nil
            record.reason = response.isComplete ? summary.reason?.shortened(to: 1024) : nil
            record.messageIDs = Array(summary.messageIDs.prefix(1000))
            record.outcome = !response.isComplete ? .noResponse : summary.code == "OK" ? .accepted : .rejected
        }
    }

    /// Returns the response with a body that passes the written bytes to an observer.
    private static func observe(_ response: Response, with observer: ResponseObserver) -> Response {
        let body = response.body.map { buffer in
            observer.add(buffer)
            return buffer
        }
        var response = response
        response.body = ResponseBody(contentLength: response.body.contentLength) { writer in
            do {
                try await body.write(writer)
            } catch {
                observer.end(isComplete: false)
                throw error
            }
            observer.end(isComplete: true)
        }
        return response
    }

    /// A replacement for an interrupted request body.
    ///
    /// When the gateway reads the replacement, the original error is thrown.
    private struct FailingBody: AsyncSequence, Sendable {
        struct AsyncIterator: AsyncIteratorProtocol {
            let error: any Error

            mutating func next() async throws -> ByteBuffer? { throw self.error }
        }

        let error: any Error

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(error: self.error) }
    }
}

/// The part of a response that the record needs.
private struct ObservedResponse: Sendable {
    var status: Int?
    var isComplete = true
    /// The first bytes of the response body.
    var body: [UInt8] = []
}

/// Observes a response while the server writes it, and reports the response once.
private final class ResponseObserver: Sendable {
    private struct State {
        var response: ObservedResponse
        var writtenBytes = 0
        var isReported = false
    }

    private let state: Mutex<State>
    private let length: Int?
    private let report: @Sendable (ObservedResponse) -> Void

    init(status: Int, length: Int?, report: @escaping @Sendable (ObservedResponse) -> Void) {
        self.state = Mutex(State(response: ObservedResponse(status: status)))
        self.length = length
        self.report = report
    }

    /// Buffers bytes before the server writes them.
    func add(_ buffer: ByteBuffer) {
        let writtenBytes = self.state.withLock { state in
            let space = RequestRecorder.maximumResponseSize - state.response.body.count
            state.response.body += buffer.readableBytesView.prefix(max(0, space))
            state.writtenBytes += buffer.readableBytes
            return state.writtenBytes
        }
        // The response is reported before its last bytes are written. A client with a complete response therefore finds its
        // request in the log.
        if let length = self.length, writtenBytes >= length { self.end(isComplete: true) }
    }

    /// Reports the response, unless it was already reported.
    func end(isComplete: Bool) {
        let response = self.state.withLock { state -> ObservedResponse? in
            guard !state.isReported else { return nil }
            state.isReported = true
            state.response.isComplete = isComplete
            return state.response
        }
        if let response { self.report(response) }
    }
}
