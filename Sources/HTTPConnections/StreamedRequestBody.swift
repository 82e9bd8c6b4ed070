// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import NIOCore

/// The source of a request body that a route reads while the body arrives.
///
/// If the route reads slower than the client sends, the connection must pause.
struct StreamedRequestBody {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >

    /// Calls a closure when the route needs more bytes, or when it stops reading the body.
    private struct Demand: NIOAsyncSequenceProducerDelegate {
        let onDemand: @Sendable () -> Void

        func produceMore() { self.onDemand() }

        func didTerminate() { self.onDemand() }
    }

    private let source: Producer.Source

    /// Creates a source and its body.
    ///
    /// The source does not retain the body. If the route drops the body, the source drops all further bytes.
    ///
    /// - Parameter onDemand: Called from any thread when the connection can continue after a pause.
    /// - Returns: The source for the connection, and the body for the route.
    static func make(onDemand: @escaping @Sendable () -> Void) -> (source: Self, body: RequestBody) {
        let body = Producer.makeSequence(
            elementType: ByteBuffer.self,
            failureType: (any Error).self,
            // Each element is a part of one read, or one chunk.
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4),
            finishOnDeinit: true,
            delegate: Demand(onDemand: onDemand)
        )
        return (Self(source: body.source), RequestBody(asyncSequence: body.sequence))
    }

    /// Appends bytes, and returns whether the connection may continue to read.
    func append(_ bytes: ByteBuffer) -> Bool { self.source.yield(bytes) != .stopProducing }

    /// Ends the body.
    func end() { self.source.finish() }

    /// Ends the body with an error.
    func fail(_ error: any Error) { self.source.finish(error) }
}
