// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import NIOCore

/// A request body that a route reads while the body arrives.
///
/// If the route reads slower than the client sends, the connection must pause.
struct StreamedRequestBody {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >

    /// Calls a closure when the route needs more bytes, or when it needs no further bytes.
    private struct Demand: NIOAsyncSequenceProducerDelegate {
        let onDemand: @Sendable () -> Void

        func produceMore() { self.onDemand() }

        func didTerminate() { self.onDemand() }
    }

    /// The body for the route.
    let content: RequestBody

    private let source: Producer.Source

    /// Creates a body.
    ///
    /// - Parameter onDemand: Called from any thread when the connection can continue after a pause.
    init(onDemand: @escaping @Sendable () -> Void) {
        let body = Producer.makeSequence(
            elementType: ByteBuffer.self,
            failureType: (any Error).self,
            // Each element is one read of the socket.
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4),
            finishOnDeinit: true,
            delegate: Demand(onDemand: onDemand)
        )
        self.source = body.source
        self.content = RequestBody(asyncSequence: body.sequence)
    }

    /// Appends bytes, and returns whether the connection may continue to read.
    func append(_ bytes: ByteBuffer) -> Bool { self.source.yield(bytes) != .stopProducing }

    /// Ends the body.
    func end() { self.source.finish() }

    /// Ends the body with an error.
    func fail(_ error: any Error) { self.source.finish(error) }
}
