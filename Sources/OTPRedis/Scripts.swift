import Hiredis

/// The Lua scripts, put together from the files beside this one: what all share, then the step itself.
enum Scripts {
    static let issue = Self.make(PackageResources.issue_lua)
    static let verify = Self.make(PackageResources.verify_lua)
    static let resend = Self.make(PackageResources.resend_lua)
    static let refund = Self.make(PackageResources.refund_lua)
    static let cancel = Self.make(PackageResources.cancel_lua)
    static let status = Self.make(PackageResources.status_lua)
    static let unlock = Self.make(PackageResources.unlock_lua)
    static let merge = Self.make(PackageResources.merge_lua)
    static let redeem = Self.make(PackageResources.redeem_lua)

    private static func make(_ step: [UInt8]) -> RedisScript {
        let parts = [PackageResources.number_lua, PackageResources.challenge_lua, step]
        return RedisScript(source: parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
    }
}
