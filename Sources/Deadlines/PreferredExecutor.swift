// SPDX-License-Identifier: Apache-2.0

/// The preferred executor of the current task; `nil` without a preference, or with a compiler before Swift 6.3.
///
/// An unstructured task does not inherit this preference. Without the preference, such a task would continue on another thread
/// after its first suspension. Its result would then need a hop back to the thread of the caller.
@usableFromInline package var preferredTaskExecutor: (any TaskExecutor)? {
    #if compiler(>=6.3)
        withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    #else
        nil
    #endif
}
