// SPDX-License-Identifier: Apache-2.0

import Hiredis

/// The scripts of the guard.
///
/// They carry no limits: each call passes the rules of its scopes, because budgets and home regions differ.
enum GuardScripts {
    static let reserve = ScriptTemplate(ScriptStep.guardReserve.fragments).script([:])
    static let release = ScriptTemplate(ScriptStep.guardRelease.fragments).script([:])
    static let record = ScriptTemplate(ScriptStep.guardRecord.fragments).script([:])
    static let lockdown = ScriptTemplate(ScriptStep.guardLockdown.fragments).script([:])

    /// The most keys of one call.
    static let mostKeys = 8
}
