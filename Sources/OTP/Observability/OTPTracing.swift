// SPDX-License-Identifier: Apache-2.0

#if Tracing
    package import Tracing
#endif

/// Opens spans around calls, store steps and sends.
///
/// Spans require the package trait `Tracing` and a bootstrapped tracer. A span records only the code of an error, because the
/// text of a store or gateway error may quote a request.
package struct OTPTracing: Sendable {
    /// The kind of a span: `client` for a call to another service, and `internal` otherwise.
    ///
    /// No cases will be added.
    enum Kind { case `internal`, client }

    typealias Attributes = [(String, String?)]

    #if Tracing
        private let tracer: (any Tracer)?

        /// Creates tracing with the currently bootstrapped tracer, if there is one.
        package init() {
            let tracer = InstrumentationSystem.tracer
            self.tracer = tracer is NoOpTracer ? nil : tracer
        }

        /// Creates tracing with the tracer of a test.
        package init(tracer: any Tracer) { self.tracer = tracer }
    #else
        package init() {}
    #endif

    /// Runs a call in a span, and records an error that the call throws.
    func withSpan<Result>(
        _ name: String,
        ofKind kind: Kind = .internal,
        attributes: @autoclosure () -> Attributes,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        #if Tracing
            guard let tracer = self.tracer else { return try await body() }
            return try await Self.run(tracer, name, kind, attributes(), body)
        #else
            return try await body()
        #endif
    }

    /// Runs a call in a span, and adds attributes that depend on the result of the call.
    func withSpan<Result>(
        _ name: String,
        ofKind kind: Kind = .internal,
        attributes: @autoclosure () -> Attributes,
        result: (Result) -> Attributes,
        _ body: () async -> Result
    ) async -> Result {
        #if Tracing
            guard let tracer = self.tracer else { return await body() }
            return await Self.run(tracer, name, kind, attributes(), body, result: result)
        #else
            return await body()
        #endif
    }

    #if Tracing
        @inline(never)  // Inlining would enlarge the frames of all calls, even without a tracer.
        private static func run<Result>(
            _ tracer: any Tracer,
            _ name: String,
            _ kind: Kind,
            _ attributes: Attributes,
            _ body: () async throws(OTPError) -> Result
        ) async throws(OTPError) -> Result {
            typealias Outcome = Swift.Result<Result, OTPError>
            let result = await Self.run(tracer, name, kind, attributes) { () async -> Outcome in
                do throws(OTPError) {
                    return .success(try await body())
                } catch {
                    return .failure(error)
                }
            } result: { result in
                if case .failure(let error) = result { [("error.type", error.code.description)] } else { [] }
            }
            return try result.get()
        }

        @inline(never)  // Inlining would enlarge the frames of all calls, even without a tracer.
        private static func run<Result>(
            _ tracer: any Tracer,
            _ name: String,
            _ kind: Kind,
            _ attributes: Attributes,
            _ body: () async -> Result,
            result attributesOfResult: (Result) -> Attributes
        ) async -> Result {
            let span = tracer.startAnySpan(name, ofKind: kind == .client ? .client : .internal)
            span.add(attributes)
            let result = await InstrumentationContext.$current.withValue(span.context) { await body() }
            let ending = attributesOfResult(result)
            span.add(ending)
            if ending.contains(where: { $0.0 == "error.type" }) { span.setStatus(.init(code: .error)) }
            span.end()
            return result
        }
    #endif
}

#if Tracing
    extension Tracing.Span {
        fileprivate func add(_ attributes: OTPTracing.Attributes) {
            for case (let key, let value?) in attributes where !value.isEmpty { self.attributes[key] = value }
        }
    }
#endif
