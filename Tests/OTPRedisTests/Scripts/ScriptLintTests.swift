// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import Testing

@testable import OTPRedis

/// Tests that the scripts use only features of every supported server.
///
/// The servers include Valkey and clusters of Alibaba Cloud. The scripts must run in Lua 5.1 to 5.4.
@Suite struct ScriptLintTests {
    /// The scripts as they are sent, keyed by name.
    private static let scripts: [String: String] = {
        let ofNumbers = Mirror(reflecting: Scripts(StoreLimits())).children
            .compactMap { child in
                (child.value as? RedisScript).map { (child.label ?? "", $0.source) }
            }
        let standard = GuardScripts.standard
        let ofGuard = [
            ("guard_reserve", standard.reserve.source), ("guard_release", standard.release.source),
            ("guard_record", standard.record.source), ("guard_lockdown", standard.lockdown.source),
            ("guard_modes", standard.modes.source), ("guard_count", standard.count.source),
        ]
        let others = [
            ("redeem", Scripts.redeem.source), ("revoke", Scripts.revoke.source), ("clock", Scripts.clock.source),
        ]
        return Dictionary(uniqueKeysWithValues: ofNumbers + ofGuard + others)
    }()

    /// Returns the faults of a script.
    static func faults(in source: String) -> [String] {
        let code = source.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in line.firstRange(of: "--").map { String(line[..<$0.lowerBound]) } ?? String(line) }
            .joined(separator: "\n")
        var faults: [String] = []
        for call in code.matches(of: /redis\.p?call\(([^,)]*),?\s*([^,)]*)/) {
            switch call.1 {
            case "'TIME'": continue
            case "'GET'", "'SET'", "'APPEND'", "'PSETEX'", "'PEXPIRE'":
                if call.2.wholeMatch(of: /KEYS\[[0-9]{1,2}\]/) == nil { faults.append("key is not KEYS[n]: \(call.0)") }
            default: faults.append("command is not one of the ACL: \(call.0)")
            }
        }
        if code.contains(/\b[A-Z]+\.[a-z]/) || code.contains(/\bnil\s*[,}<>+\-)]/) {
            faults.append("a constant without a value")
        }
        if code.contains(/[^.a-z_]unpack\s*\(/) { faults.append("unpack") }
        if code.contains(/\b(loadstring|setfenv|getfenv|table\.getn|goto|require|dofile)\b/) {
            faults.append("not in both Lua 5.1 and 5.4")
        }
        if code.contains(/\/\/|<<|>>|[^~]&|\|/) { faults.append("operator of Lua 5.3") }
        var declared: Set<Substring> = []
        for match in code.matches(of: /\blocal\s+(?:function\s+)?([a-z_A-Z][\w, ]*)/) {
            declared.formUnion(match.1.split { !($0.isLetter || $0.isNumber || $0 == "_") })
        }
        for match in code.matches(of: /(?m)^\s*([a-zA-Z_]\w*)\s*=[^=]/) where !declared.contains(match.1) {
            // Within braces, the name is a field of a table.
            let before = code[..<match.range.lowerBound]
            if before.count(where: { $0 == "{" }) == before.count(where: { $0 == "}" }) {
                faults.append("global variable \(match.1)")
            }
        }
        return faults
    }

    @Test func everyScriptIsChecked() {
        #expect(Set(Self.scripts.keys) == Set(ScriptStep.allCases.map(\.rawValue)))
        #expect(Self.scripts.values.allSatisfy { $0.count > 100 })
    }

    @Test func scriptsKeepTheRules() {
        for (name, source) in Self.scripts {
            let faults = Self.faults(in: source)
            #expect(faults.isEmpty, "\(name): \(faults)")
        }
    }

    @Test(arguments: [
        "local k = KEYS[1]\nredis.call('GET', k)", "redis.call('GET', KEYS[i])", "redis.call('GET', prefix .. KEYS[1])",
        "redis.call('KEYS', KEYS[1])", "redis.call('MSET', unpack(KEYS))", "counter = 1", "local a = 1 << 2",
        "redis.call('FLUSHALL')", "setfenv(1, {})", "local a = STATE.size", "local a = f(nil)",
    ])
    func lintFindsFaults(source: String) {
        #expect(!Self.faults(in: source).isEmpty)
    }
}
