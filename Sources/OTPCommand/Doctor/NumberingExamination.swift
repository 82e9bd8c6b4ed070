// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment
import SMSKit

/// A check of the numbering plan's settings, and of the age of its metadata.
struct NumberingExamination: Sendable {
    /// The age of the metadata in days after which the check warns.
    ///
    /// Some regions change their numbering plans every few months.
    private static let longestAge = 365

    let settings: OTPSettings
    var now = Date()

    func finding() -> Finding {
        let additions: Int
        do {
            additions = try self.settings.numberingPlan.additions.count
            _ = try self.settings.numberKinds
        } catch {
            return .fault("numbering", error)
        }
        let age = self.age
        var text = "metadata \(NumberingPlan.metadataVersion) of \(NumberingPlan.metadataDate), \(age) days old"
        if additions > 0 { text += ", \(additions) addition\(additions == 1 ? "" : "s")" }
        guard age > Self.longestAge else { return Finding("numbering", text) }
        return Finding(
            "numbering",
            text,
            .warn,
            remedy: "update otp: new numbers are refused; until then, add prefixes with OTP_NUMBERING_PLAN"
        )
    }

    /// The age of the metadata in whole days; 0 if its release date is in the future.
    private var age: Int {
        guard let date = try? Date(NumberingPlan.metadataDate, strategy: .iso8601.year().month().day()) else {
            return 0
        }
        return max(0, Int(self.now.timeIntervalSince(date) / 86_400))
    }
}
