// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// Runs an operation to completion, even if the caller is cancelled meanwhile.
///
/// A counted message must be sent, and a rejected one released: an operation cut in half would count or bill in vain. Every
/// part of the operation has its own deadline. A caller that is cancelled before the operation starts nothing.
func uncancelled<Result: Sendable>(
    _ operation: @escaping @Sendable () async throws(OTPError) -> Result
) async throws(OTPError) -> Result {
    guard !Task.isCancelled else { throw OTPError.cancelled }
    let task = Task.immediate(executorPreference: preferredTaskExecutor) { () -> Swift.Result<Result, OTPError> in
        do throws(OTPError) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    return try await task.value.get()
}
