// SPDX-License-Identifier: Apache-2.0

public import SMSKit
public import SendGuard

/// Tests an implementation of `HumanCheck`.
///
/// The response of a solved check must pass only once, and only for the request for which the check was solved. No response may
/// pass while the provider has a fault.
///
/// Run the tests with a test provider:
///
/// ```swift
/// let conformance = HumanCheckConformance(check: check, request: request, otherNumber: other) { request in
///     provider.solve(for: request)
/// } setFault: { fault in
///     provider.setFault(fault)
/// }
/// try await conformance.run()
/// ```
public struct HumanCheckConformance: Sendable {
    /// The error for a requirement that the human check does not meet.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The expected and the actual result.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The expected and the actual result.
        public init(description: String) { self.description = description }
    }

    /// The parts of a request to which the provider binds a response.
    public struct Bindings: OptionSet, Sendable, Hashable {
        /// The bits of the set.
        public let rawValue: UInt8

        /// Creates a set from its bits.
        ///
        /// - Parameter rawValue: The bits of the set.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The phone number.
        public static let number = Self(rawValue: 1)
        /// The purpose.
        public static let purpose = Self(rawValue: 2)
        /// The number and the purpose.
        public static let all: Self = [.number, .purpose]
    }

    /// The number of concurrent calls in the tests.
    public static let callers = 32

    private let check: any HumanCheck
    private let request: SendRequest
    private let otherNumber: PhoneNumber
    private let bindings: Bindings
    private let timeout: Duration
    private let tolerance: Duration
    private let solve: @Sendable (SendRequest) async throws -> String
    private let setFault: @Sendable (HookFault) async throws -> Void
    private let verifier: HumanCheckVerifier
    private let clock = ContinuousClock()

    /// Creates the tests of a human check.
    ///
    /// - Parameters:
    ///   - check: The human check.
    ///   - request: A request for which `solve` returns a response.
    ///   - otherNumber: A phone number that differs from the number of the request.
    ///   - bindings: The parts of a request to which the provider binds a response; by default number and purpose.
    ///   - timeout: The timeout of each verification. The test with a silent provider takes at least this long.
    ///   - tolerance: The time by which a call may exceed the timeout, for example on a busy machine.
    ///   - solve: A closure that returns a fresh response for a request.
    ///   - setFault: A closure that sets the fault of the provider. The fault remains until the next call of the closure.
    public init(
        check: any HumanCheck,
        request: SendRequest,
        otherNumber: PhoneNumber,
        bindings: Bindings = .all,
        timeout: Duration = .seconds(2),
        tolerance: Duration = .seconds(5),
        solve: @escaping @Sendable (SendRequest) async throws -> String,
        setFault: @escaping @Sendable (HookFault) async throws -> Void
    ) {
        self.check = check
        self.request = request
        self.otherNumber = otherNumber
        self.bindings = bindings
        self.timeout = timeout
        self.tolerance = tolerance
        self.solve = solve
        self.setFault = setFault
        self.verifier = HumanCheckVerifier(check, hash: Self.hash, timeout: timeout)
    }

    /// A keyed hash for fingerprints of responses.
    private static var hash: ScopeHash {
        ScopeHash { bytes in
            (0..<2)
                .flatMap { part in
                    var hasher = Hasher()
                    hasher.combine(part)
                    hasher.combine(bytes)
                    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
                    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
                }
        }
    }

    /// Runs all tests.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func run() async throws {
        try await self.setFault(.none)
        try await self.checkSingleUse()
        try await self.checkConcurrentUse()
        try await self.checkBindings()
        try await self.checkInventedResponses()
        for fault in HookFault.all where fault != .none { try await self.checkFault(fault) }
    }

    /// Checks that a response passes once, and is refused afterwards.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkSingleUse() async throws {
        let response = try await self.solve(self.request)
        try await self.expect(.passed, response, self.request, "a fresh response")
        try await self.expect(.failed(.replayed), response, self.request, "a response that was used")
        var other = self.request
        other.number = self.otherNumber
        try await self.expectFailure(response, other, "a used response for another number")
    }

    /// Checks that exactly one of many concurrent calls with the same response passes.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkConcurrentUse() async throws {
        let (verifier, request) = (self.verifier, self.request)
        let response = try await self.solve(request)
        let passed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<Self.callers { group.addTask { await verifier.verify(response, of: request) == .passed } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        guard passed == 1 else {
            throw Failure(description: "\(passed) of \(Self.callers) calls with one response passed, expected 1")
        }
    }

    /// Checks that a fresh response is refused for another number and for another purpose.
    ///
    /// The method checks only the parts in `bindings`, a parameter of the initializer.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkBindings() async throws {
        if self.bindings.contains(.number) {
            var other = self.request
            other.number = self.otherNumber
            let response = try await self.solve(self.request)
            try await self.expectFailure(response, other, "a response for another number")
        }
        if self.bindings.contains(.purpose) {
            var other = self.request
            other.purpose = self.request.purpose == "recovery" ? "payment" : "recovery"
            let response = try await self.solve(self.request)
            try await self.expectFailure(response, other, "a response for another purpose")
        }
    }

    /// Checks that invented texts are refused.
    ///
    /// - Throws: ``Failure``.
    public func checkInventedResponses() async throws {
        let long = String(repeating: "a", count: 1 << 20)
        for response in [
            "", " ", "0", "invented", "a&success=true", "a\r\nb", "\u{0}", "{\"success\":true}", "é", long,
        ] {
            try await self.expectFailure(response, self.request, "an invented response of \(response.utf8.count) bytes")
        }
    }

    /// Checks that the response of a user is refused while the provider has a fault, and that a fresh response passes
    /// afterwards.
    ///
    /// - Parameter fault: The fault.
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkFault(_ fault: HookFault) async throws {
        let response = try await self.solve(self.request)
        try await self.setFault(fault)
        let start = self.clock.now
        try await self.expectFailure(response, self.request, "a response with the fault '\(fault)'")
        guard self.clock.now - start <= self.timeout + self.tolerance else {
            throw Failure(description: "\(fault): a call with a timeout of \(self.timeout) took longer")
        }
        try await self.setFault(.none)
        let next = try await self.solve(self.request)
        try await self.expect(.passed, next, self.request, "a fresh response after the fault '\(fault)'")
    }

    private func expect(
        _ expected: HumanCheckResult,
        _ response: String,
        _ request: SendRequest,
        _ what: String
    ) async throws(Failure) {
        let result = await self.verifier.verify(response, of: request)
        guard result == expected else {
            throw Failure(description: "\(what): the result must be \(expected), but is \(result)")
        }
    }

    private func expectFailure(_ response: String, _ request: SendRequest, _ what: String) async throws(Failure) {
        guard await self.verifier.verify(response, of: request) != .passed else {
            throw Failure(description: "\(what): the result must be a failure, but is passed")
        }
    }
}
