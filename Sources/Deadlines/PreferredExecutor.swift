// SPDX-License-Identifier: Apache-2.0

/// The preferred executor of the current task; `nil` if there is no preference, or if the compiler is older than Swift 6.3.
///
/// Unstructured tasks do not inherit the preference. Pass the preference to each unstructured task to avoid thread hops.
@usableFromInline package var preferredTaskExecutor: (any TaskExecutor)? {
    #if compiler(>=6.3)
        withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    #else
        nil
    #endif
}
