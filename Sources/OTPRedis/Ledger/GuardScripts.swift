// SPDX-License-Identifier: Apache-2.0

import Hiredis

/// The Lua scripts of the guard.
///
/// Each call passes the limits and modes as arguments, because they depend on the `GuardPolicy` of the service.
struct GuardScripts: Sendable {
    static let standard = Self()

    /// The maximum number of keys in one script call.
    static let mostKeys = 40

    let reserve: RedisScript
    let release: RedisScript
    let record: RedisScript
    let lockdown: RedisScript
    let modes: RedisScript
    let count: RedisScript

    /// Creates the scripts.
    ///
    /// - Parameter change: A closure that changes the source of a script before the constants are substituted. Tests use the
    ///   closure to break a script on purpose.
    init(changing change: (String) -> String = { $0 }) {
        func script(_ step: ScriptStep) -> RedisScript {
            let source = step.fragments.map(\.source).joined(separator: "\n")
            return ScriptTemplate(source: change(source)).script([:])
        }
        self.reserve = script(.guardReserve)
        self.release = script(.guardRelease)
        self.record = script(.guardRecord)
        self.lockdown = script(.guardLockdown)
        self.modes = script(.guardModes)
        self.count = script(.guardCount)
    }
}
