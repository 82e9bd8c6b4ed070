// SPDX-License-Identifier: Apache-2.0

/// A Lua file that is part of one or more scripts.
///
/// A script is a sequence of fragments that share local variables. The header of each fragment declares these variables:
///
/// - `requires` lists variables of earlier fragments.
/// - `changes` lists the required variables that the fragment changes.
/// - `defines` lists variables for later fragments.
///
/// `ScriptFragmentTests` checks the headers.
enum ScriptFragment: String, CaseIterable {
    case open, challenge, limits, sends
    case resendCheck = "resend_check"
    case admission, device, issue, resend, release, cancel, status, unlock, succeed, close, verify, redeem, revoke,
        clock
    case guardTime = "guard_time"
    case guardRules = "guard_rules"
    case guardBucket = "guard_bucket"
    case guardScope = "guard_scope"
    case guardRead = "guard_read"
    case guardQuiet = "guard_quiet"
    case guardFind = "guard_find"
    case guardReserve = "guard_reserve"
    case guardRelease = "guard_release"
    case guardRecord = "guard_record"
    case guardLockdown = "guard_lockdown"
    case guardWrite = "guard_write"
    case guardModes = "guard_modes"
    case guardCount = "guard_count"

    /// The Lua source of the fragment.
    var source: String {
        let bytes =
            switch self {
            case .open: PackageResources.open_lua
            case .challenge: PackageResources.challenge_lua
            case .limits: PackageResources.limits_lua
            case .sends: PackageResources.sends_lua
            case .resendCheck: PackageResources.resend_check_lua
            case .admission: PackageResources.admission_lua
            case .device: PackageResources.device_lua
            case .issue: PackageResources.issue_lua
            case .resend: PackageResources.resend_lua
            case .release: PackageResources.release_lua
            case .cancel: PackageResources.cancel_lua
            case .status: PackageResources.status_lua
            case .unlock: PackageResources.unlock_lua
            case .succeed: PackageResources.succeed_lua
            case .close: PackageResources.close_lua
            case .verify: PackageResources.verify_lua
            case .redeem: PackageResources.redeem_lua
            case .revoke: PackageResources.revoke_lua
            case .clock: PackageResources.clock_lua
            case .guardTime: PackageResources.guard_time_lua
            case .guardRules: PackageResources.guard_rules_lua
            case .guardBucket: PackageResources.guard_bucket_lua
            case .guardScope: PackageResources.guard_scope_lua
            case .guardRead: PackageResources.guard_read_lua
            case .guardQuiet: PackageResources.guard_quiet_lua
            case .guardFind: PackageResources.guard_find_lua
            case .guardReserve: PackageResources.guard_reserve_lua
            case .guardRelease: PackageResources.guard_release_lua
            case .guardRecord: PackageResources.guard_record_lua
            case .guardLockdown: PackageResources.guard_lockdown_lua
            case .guardWrite: PackageResources.guard_write_lua
            case .guardModes: PackageResources.guard_modes_lua
            case .guardCount: PackageResources.guard_count_lua
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An operation of the store or of the guard's ledger, which is implemented by one Lua script.
enum ScriptStep: String, CaseIterable {
    case issue, issueDevice, verify, resend, resendDevice, release, cancel, status, unlock, succeed, redeem, revoke,
        clock
    case guardReserve = "guard_reserve"
    case guardRelease = "guard_release"
    case guardRecord = "guard_record"
    case guardLockdown = "guard_lockdown"
    case guardModes = "guard_modes"
    case guardCount = "guard_count"

    /// The fragments of the script, in the order in which their sources are joined.
    var fragments: [ScriptFragment] {
        let number: [ScriptFragment] = [.open, .challenge]
        let sends = number + [.limits, .sends]
        let scopes: [ScriptFragment] = [.guardTime, .guardBucket, .guardRules, .guardScope, .guardRead]
        return switch self {
        case .issue: sends + [.admission, .issue, .close]
        case .issueDevice: [.device] + Self.issue.fragments
        case .verify: [.verify]
        case .resend: sends + [.resendCheck, .admission, .resend, .close]
        case .resendDevice: [.device] + Self.resend.fragments
        case .release: sends + [.release, .close]
        case .cancel: number + [.cancel, .close]
        case .status: sends + [.status]
        case .unlock: number + [.unlock, .close]
        case .succeed: number + [.succeed, .close]
        case .redeem: [.redeem]
        case .revoke: [.revoke]
        case .clock: [.clock]
        case .guardReserve: scopes + [.guardQuiet, .guardFind, .guardReserve, .guardWrite]
        case .guardRelease: scopes + [.guardRelease, .guardWrite]
        case .guardRecord: scopes + [.guardRecord, .guardWrite]
        case .guardLockdown: scopes + [.guardLockdown, .guardWrite]
        case .guardModes: [.guardTime, .guardModes]
        case .guardCount: [.guardCount]
        }
    }
}
