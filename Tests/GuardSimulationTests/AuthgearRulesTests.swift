// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import Testing

@testable import GuardSimulation

/// Tests of the published rules of Authgear, which are the baseline of the simulations.
@Suite struct AuthgearRulesTests {
    private var rules = AuthgearRules()
    private var count = 0

    /// Requests a code for a new number, and returns the rule that refuses the send.
    private mutating func send(_ time: Int, prefix: String = "+659", address: UInt32? = nil) throws -> String? {
        self.count += 1
        let source = try #require(SourceAddress(ipv4: address ?? UInt32(self.count << 8)))
        let digits = prefix.hasPrefix("+659") ? 7 : 8
        let number = NumberRange(prefix, digits: digits).number(self.count * 7_919)
        var send = SimulatedSend(time: time, to: number, from: source, isAttack: true)
        send.id = self.count
        guard case .refuse(let rule) = self.rules.decide(send, isChecked: false) else {
            self.rules.record(.failed, of: send, at: time)
            return nil
        }
        return rule
    }

    @Test mutating func regionGetsThreeUnverifiedCodesAnHourAndTwentyADay() throws {
        for code in 0..<3 { #expect(try self.send(code * 60) == nil) }
        #expect(try self.send(180) == "region an hour")
        #expect(try self.send(3_599) == "region an hour")
        for code in 0..<17 { #expect(try self.send(7_200 + code * 1_800) == nil, "\(code)") }
        #expect(try self.send(40_000) == "region a day")
        // The first code is a day old.
        #expect(try self.send(86_400) == nil)
    }

    @Test mutating func bestDayRaisesTheLimitsOfARegion() throws {
        self.rules = AuthgearRules(bestDay: 300)
        for code in 0..<10 { #expect(try self.send(code) == nil) }
        #expect(try self.send(10) == "region an hour")
    }

    @Test mutating func addressGetsFiveUnverifiedCodesAnHourAndTenADay() throws {
        self.rules = AuthgearRules(bestDay: 100_000)
        for code in 0..<5 { #expect(try self.send(code, address: 1) == nil) }
        #expect(try self.send(5, address: 1) == "address an hour")
        for code in 0..<5 { #expect(try self.send(3_700 + code, address: 1) == nil) }
        #expect(try self.send(9_000, address: 1) == "address a day")
        #expect(try self.send(9_000, address: 2) == nil)
    }

    @Test mutating func addressReachesThreeRegionsADay() throws {
        for prefix in ["+659", "+88017", "+85620"] { #expect(try self.send(0, prefix: prefix, address: 1) == nil) }
        #expect(try self.send(0, prefix: "+97798", address: 1) == "regions of an address")
        #expect(try self.send(1, prefix: "+659", address: 1) == nil)
    }

    @Test func verifiedCodesDoNotCount() throws {
        var counts = CodeCounts()
        for id in 0..<4 {
            counts.advance(to: id)
            counts.insert(id, at: id)
        }
        counts.verify(2, at: 10)
        #expect(counts.unverifiedOfDay == 3 && counts.verifiedOfDay == 1 && counts.verifiedOfHour == 1)
        counts.advance(to: 3_610)
        #expect(counts.unverifiedOfHour == 0 && counts.unverifiedOfDay == 3 && counts.verifiedOfHour == 0)
        counts.advance(to: 86_403)
        #expect(counts.unverifiedOfDay == 0 && counts.bestDay == 1)
        counts.advance(to: 15 * 86_400)
        #expect(counts.bestDay == 0)
    }
}
