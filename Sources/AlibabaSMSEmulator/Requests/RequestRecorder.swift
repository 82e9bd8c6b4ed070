import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Notes each request to the gateway, and what was answered, without having a part in the answer.
struct RequestRecorder: Sendable {
    /// How much of an answer is read for its code.
    private static let longestAnswer = 64 * 1024

    let log: RequestLog
    let accessKeys: AccessKeys
    let now: @Sendable () -> Date
    /// Whether the gateway takes requests with unknown keys.
    var takesAnyKey = false

    /// Lets the gateway answer a request, and notes both.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - gateway: Answers a request under an identifier.
    /// - Returns: The gateway's answer.
    /// - Throws: What the gateway throws instead of an answer.
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
            // The gateway is to see the same.
            request.body = RequestBody(asyncSequence: FailingBody(error: error))
        }
        let call = GatewayCall(request, body: body)
        let masking = Masking(secrets: self.accessKeys.configuredCredentials.map(\.accessKeySecret))
        let record = RequestRecord(
            call,
            namespace: call.namespace(self.accessKeys, takesAnyKey: self.takesAnyKey) ?? InboxNamespace.standard,
            requestID: requestID,
            masking: masking,
            at: self.now()
        )
        let id = self.log.append(record)
        do {
            let response = try await gateway(request, requestID)
            let note = Note(status: response.status.code, length: response.body.contentLength) { answer in
                self.finish(id, call, answer, after: ContinuousClock.now - start)
            }
            return Self.observe(response, note)
        } catch {
            self.finish(id, call, .init(status: nil, isWhole: false), after: ContinuousClock.now - start)
            throw error
        }
    }

    private func finish(_ id: Int, _ call: GatewayCall, _ answer: Note.Response, after time: Duration) {
        let summary = ResponseSummary(answer.body)
        let diagnosis = SignatureDiagnosis(of: call, accessKeys: self.accessKeys)
        self.log.update(id) { record in
            record.milliseconds = (time / .microseconds(1)).rounded() / 1000
            record.signature = diagnosis
            record.status = answer.isWhole ? answer.status : nil
            record.code = answer.isWhole ? summary.code?.shortened(to: 128) : nil
            record.reason = answer.isWhole ? summary.reason?.shortened(to: 1024) : nil
            record.messageIDs = Array(summary.messageIDs.prefix(1000))
            record.outcome = !answer.isWhole ? .unanswered : summary.code == "OK" ? .accepted : .refused
        }
    }

    /// The same answer, which is noted on its way out.
    private static func observe(_ response: Response, _ note: Note) -> Response {
        let body = response.body.map { buffer in
            note.add(buffer)
            return buffer
        }
        var response = response
        response.body = ResponseBody(contentLength: response.body.contentLength) { writer in
            do {
                try await body.write(writer)
            } catch {
                note.end(isWhole: false)
                throw error
            }
            note.end(isWhole: true)
        }
        return response
    }

    /// A body that could not be read.
    private struct FailingBody: AsyncSequence, Sendable {
        struct AsyncIterator: AsyncIteratorProtocol {
            let error: any Error

            mutating func next() async throws -> ByteBuffer? { throw self.error }
        }

        let error: any Error

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(error: self.error) }
    }

    /// What is seen of an answer while it is written; it is noted once.
    fileprivate final class Note: Sendable {
        struct Response: Sendable {
            var status: Int?
            var isWhole = true
            var body: [UInt8] = []
        }

        private let state: Mutex<(answer: Response, count: Int, isNoted: Bool)>
        private let length: Int?
        private let finish: @Sendable (Response) -> Void

        init(status: Int, length: Int?, _ finish: @escaping @Sendable (Response) -> Void) {
            self.state = Mutex((Response(status: status), 0, false))
            self.length = length
            self.finish = finish
        }

        /// Sees bytes that are about to be written.
        func add(_ buffer: ByteBuffer) {
            let count = self.state.withLock { state in
                let space = RequestRecorder.longestAnswer - state.answer.body.count
                state.answer.body += buffer.readableBytesView.prefix(max(0, space))
                state.count += buffer.readableBytes
                return state.count
            }
            // Whoever has read the answer must find it noted.
            if let length = self.length, count >= length { self.end(isWhole: true) }
        }

        func end(isWhole: Bool) {
            let answer = self.state.withLock { state -> Response? in
                guard !state.isNoted else { return nil }
                state.isNoted = true
                state.answer.isWhole = isWhole
                return state.answer
            }
            if let answer { self.finish(answer) }
        }
    }
}
