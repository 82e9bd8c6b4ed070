/// The executor that the current task prefers to run on.
///
/// A task that is not a child does not take it over by itself; it would go on elsewhere after its first wait, and change
/// the thread twice for nothing.
@usableFromInline package var preferredTaskExecutor: (any TaskExecutor)? {
    #if compiler(>=6.3)
        withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    #else
        nil
    #endif
}
