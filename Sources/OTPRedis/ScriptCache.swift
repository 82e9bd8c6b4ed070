import OTP
import Synchronization

/// The scripts of the limits that are in use; there is one set of limits, unless services of several policies share a
/// store.
final class ScriptCache: Sendable {
    /// More than any process has policies, so that limits made up call by call do not pile up.
    private static let capacity = 16

    private let entries = Mutex<[(limits: NumberLimits, scripts: Scripts)]>([])

    func scripts(for limits: NumberLimits) -> Scripts {
        self.entries.withLock { entries in
            if let entry = entries.first(where: { $0.limits == limits }) { return entry.scripts }
            let scripts = Scripts(limits)
            entries.append((limits, scripts))
            if entries.count > Self.capacity { entries.removeFirst() }
            return scripts
        }
    }
}
