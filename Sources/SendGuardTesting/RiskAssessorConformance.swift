// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// Tests an implementation of `RiskAssessor`.
///
/// The assessor must return the expected verdicts. `RiskGate` must use its fallback verdict while the provider has a fault.
///
/// Run the tests with a test provider:
///
/// ```swift
/// let conformance = RiskAssessorConformance(
///     assessor: assessor,
///     expected: [(usual, .allow), (freshSIM, .stepUp), (rented, .deny)]
/// ) { fault in
///     provider.setFault(fault)
/// }
/// try await conformance.run()
/// ```
public struct RiskAssessorConformance: Sendable {
    /// The error for a requirement that the risk assessor does not meet.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The expected and the actual result.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The expected and the actual result.
        public init(description: String) { self.description = description }
    }

    /// The number of concurrent calls in the checks.
    public static let callers = 32

    private let assessor: any RiskAssessor
    private let expected: [(request: SendRequest, verdict: RiskAssessment.Verdict)]
    private let timeout: Duration
    private let tolerance: Duration
    private let setFault: @Sendable (HookFault) async throws -> Void
    private let clock = ContinuousClock()

    /// Creates the tests of a risk assessor.
    ///
    /// - Parameters:
    ///   - assessor: The risk assessor.
    ///   - expected: Requests, each with the verdict that the assessor must return.
    ///   - timeout: The timeout of each assessment. The checks with a silent provider take three times this duration.
    ///   - tolerance: The time by which a call may exceed the timeout, for example on a busy machine.
    ///   - setFault: A closure that sets the fault of the provider. The fault remains until the next call of the closure.
    public init(
        assessor: any RiskAssessor,
        expected: [(request: SendRequest, verdict: RiskAssessment.Verdict)],
        timeout: Duration = .seconds(1),
        tolerance: Duration = .seconds(5),
        setFault: @escaping @Sendable (HookFault) async throws -> Void
    ) {
        self.assessor = assessor
        self.expected = expected
        self.timeout = timeout
        self.tolerance = tolerance
        self.setFault = setFault
    }

    /// Runs all checks.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func run() async throws {
        try await self.setFault(.none)
        try await self.checkVerdicts()
        for fault in HookFault.all where fault != .none { try await self.checkFault(fault) }
    }

    /// Checks in concurrent calls that the assessor returns the expected verdict for each request.
    ///
    /// A verdict other than `allow` must have a reason.
    ///
    /// - Throws: ``Failure``.
    public func checkVerdicts() async throws {
        let gate = RiskGate(self.assessor, timeout: self.timeout + self.tolerance, fallback: .deny)
        for (request, verdict) in self.expected {
            let assessments = await withTaskGroup(of: RiskAssessment.self) { group in
                for _ in 0..<Self.callers { group.addTask { await gate.assess(request) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for assessment in assessments {
                guard assessment.verdict == verdict else {
                    throw Failure(description: "\(request): the verdict must be \(verdict), but is \(assessment)")
                }
                guard verdict == .allow || assessment.reason != nil else {
                    throw Failure(description: "\(request): the verdict \(verdict) has no reason")
                }
            }
        }
    }

    /// Checks that `RiskGate` returns its fallback verdict in time while the provider has a fault.
    ///
    /// - Parameter fault: The fault.
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkFault(_ fault: HookFault) async throws {
        guard let request = self.expected.first?.request else { return }
        try await self.setFault(fault)
        for fallback in RiskAssessment.Verdict.allCases {
            let gate = RiskGate(self.assessor, timeout: self.timeout, fallback: fallback)
            let start = self.clock.now
            let assessment = await gate.assess(request)
            guard self.clock.now - start <= self.timeout + self.tolerance else {
                throw Failure(description: "\(fault): a call with a timeout of \(self.timeout) took longer")
            }
            guard assessment.verdict == fallback, [.timeout, .unavailable].contains(assessment.reason) else {
                throw Failure(
                    description: "\(fault): the fallback verdict is \(fallback), but the result is \(assessment)"
                )
            }
        }
        try await self.setFault(.none)
    }
}
