// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// Runs an operation to completion, even if the caller is cancelled in the meantime.
///
/// An interruption could leave a message counted but not sent. The operation still ends in time, because every part of the
/// operation has its own deadline. If the caller is cancelled before the operation, the operation does not start.
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
