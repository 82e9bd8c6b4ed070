// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard

/// A baseline with the published fraud-protection rules of Authgear, another authentication service.
///
/// The rules have their default values. They limit the unverified codes of each region and of each address. They allow each
/// address three regions a day. The limits of each phone number also apply.
struct AuthgearRules: Defense {
    private static let day = 86_400
    private static let hour = 3_600
    private static let regionsOfOneAddress = 3

    /// The number of codes that were verified in each region on its best day before the simulation.
    ///
    /// The number is the same for all regions.
    private let bestDay: Int
    private var numbers = NumberLimits()
    private var regions: [String: CodeCounts] = [:]
    private var addresses: [[UInt8]: CodeCounts] = [:]
    private var regionsOfAddress: [[UInt8]: [String: Int]] = [:]

    init(bestDay: Int = 0) {
        self.bestDay = bestDay
    }

    mutating func decide(_ send: SimulatedSend, isChecked: Bool) -> Verdict {
        guard let region = Self.region(of: send) else { return .refuse(rule: "destination") }
        let (time, address) = (send.time, send.source.bytes)
        self.regions[region, default: CodeCounts()].advance(to: time)
        self.addresses[address, default: CodeCounts()].advance(to: time)
        if let rule = self.exceededRule(region, address) { return .refuse(rule: rule) }
        let recent = self.regionsOfAddress[address, default: [:]].filter { $0.value > time - Self.day }
        guard recent[region] != nil || recent.count < Self.regionsOfOneAddress else {
            return .refuse(rule: "regions of an address")
        }
        if let refusal = self.numbers.issue(to: send.text, at: time) { return .refuse(rule: "\(refusal.limit)") }
        self.regions[region]?.insert(send.id, at: time)
        self.addresses[address]?.insert(send.id, at: time)
        self.regionsOfAddress[address] = recent.merging([region: time]) { $1 }
        return .allow
    }

    mutating func record(_ answer: Answer, of send: SimulatedSend, at time: Int) {
        guard answer == .verified, let region = Self.region(of: send) else { return }
        self.numbers.succeed(send.text)
        self.regions[region]?.verify(send.id, at: time)
        self.addresses[send.source.bytes]?.verify(send.id, at: time)
    }

    private func exceededRule(_ region: String, _ address: [UInt8]) -> String? {
        guard let region = self.regions[region], let address = self.addresses[address] else { return nil }
        let best = Double(max(self.bestDay, region.bestDay))
        let rules: [(name: String, count: Int, limit: Double)] = [
            ("region a day", region.unverifiedOfDay, max(20, 0.3 * best, 0.3 * Double(region.verifiedOfDay))),
            ("region an hour", region.unverifiedOfHour, max(3, 0.2 * best / 6, 0.2 * Double(region.verifiedOfHour))),
            ("address a day", address.unverifiedOfDay, max(10, 0.3 * Double(address.verifiedOfDay))),
            ("address an hour", address.unverifiedOfHour, max(5, 0.2 * Double(address.verifiedOfDay) / 6)),
        ]
        return rules.first { Double($0.count + 1) > $0.limit }?.name
    }

    private static func region(of send: SimulatedSend) -> String? {
        send.number.map { $0.region.map { "\($0)" } ?? $0.callingCode }
    }
}
