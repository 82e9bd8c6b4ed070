// SPDX-License-Identifier: Apache-2.0

/// A Lua file that is part of one or more scripts.
///
/// A script is a sequence of fragments that share their local variables. The header of a fragment declares these variables.
/// `requires` lists the variables that earlier fragments must define. `changes` lists the required variables that the fragment
/// assigns. `defines` lists the variables for later fragments. `ScriptFragmentTests` checks the headers.
enum ScriptFragment: String, CaseIterable {
    case open, challenge, limits, sends
    case resendCheck = "resend_check"
    case admission, issue, resend, release, cancel, status, unlock, succeed, close, verify, redeem

    /// The text of the file.
    var source: String {
        let bytes =
            switch self {
            case .open: PackageResources.open_lua
            case .challenge: PackageResources.challenge_lua
            case .limits: PackageResources.limits_lua
            case .sends: PackageResources.sends_lua
            case .resendCheck: PackageResources.resend_check_lua
            case .admission: PackageResources.admission_lua
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
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A step of the store, which is one script.
enum ScriptStep: String, CaseIterable {
    case issue, verify, resend, release, cancel, status, unlock, succeed, redeem

    /// The fragments of the script, in order.
    var fragments: [ScriptFragment] {
        let number: [ScriptFragment] = [.open, .challenge]
        let sends = number + [.limits, .sends]
        return switch self {
        case .issue: sends + [.admission, .issue, .close]
        case .verify: [.verify]
        case .resend: sends + [.resendCheck, .admission, .resend, .close]
        case .release: sends + [.release, .close]
        case .cancel: number + [.cancel, .close]
        case .status: sends + [.status]
        case .unlock: number + [.unlock, .close]
        case .succeed: number + [.succeed, .close]
        case .redeem: [.redeem]
        }
    }
}
