// SPDX-License-Identifier: Apache-2.0

/// A kind of request that `otp bench` measures.
enum BenchStep: String, CaseIterable, Sendable, Encodable {
    case issue, check

    /// The path of the route.
    var path: String { self == .issue ? "/v1/verifications" : "/v1/verifications/check" }

    /// The HTTP status of a successful response.
    var success: Int { self == .issue ? 201 : 200 }
}
