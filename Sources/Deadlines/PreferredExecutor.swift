// SPDX-License-Identifier: Apache-2.0

/// The preferred executor of the current task; `nil` if there is no preference, or if the compiler is older than Swift 6.3.
///
/// An unstructured task does not inherit this preference, and would continue on another thread after its first suspension. Its
/// result would then need a thread hop to the caller. Callers therefore pass the preference to each unstructured task.
@usableFromInline package var preferredTaskExecutor: (any TaskExecutor)? {
    #if compiler(>=6.3)
        withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    #else
        nil
    #endif
}
