import Deadlines

/// Runs an operation to its end, even if the caller is cancelled meanwhile.
///
/// A message that was counted must be sent, and one that was refused given back: half of it would be billed or counted for
/// nothing. Every part of the operation has a deadline of its own.
func uncancelled<Result: Sendable>(
    _ operation: @escaping @Sendable () async throws(OTPError) -> Result
) async throws(OTPError) -> Result {
    let task = Task.immediate(executorPreference: preferredTaskExecutor) { () -> Swift.Result<Result, OTPError> in
        do throws(OTPError) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    return try await task.value.get()
}
