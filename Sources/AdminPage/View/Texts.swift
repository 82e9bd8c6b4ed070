// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit

/// Formats numbers, times and regions for the admin page.
enum Texts {
    private static let locale = Locale(identifier: "en")

    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static let regionNames = Dictionary(
        uniqueKeysWithValues: Region.all.map { region in
            (region.code, Self.locale.localizedString(forRegionCode: region.code) ?? region.code)
        }
    )

    /// All regions, sorted by name.
    static let regions: [(code: String, name: String)] = Self.regionNames
        .map { (code: $0.key, name: $0.value) }
        .sorted { ($0.name, $0.code) < ($1.name, $1.code) }

    /// Returns the name of a region; `No region` for the code `--`, and the code itself for an unknown region.
    static func region(_ code: String) -> String { code == "--" ? "No region" : self.regionNames[code] ?? code }

    /// Returns a number with thousands separators, such as `12,345`.
    static func number(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        let grouped = digits.enumerated()
            .map { position, digit in
                position > 0 && (digits.count - position).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
            }
        return (number < 0 ? "−" : "") + grouped.joined()
    }

    /// Returns a day in UTC, such as `29 Nov`.
    static func day(_ date: Date) -> String {
        let parts = Self.utc.dateComponents([.day, .month], from: date)
        return "\(parts.day ?? 1) \(Self.months[(parts.month ?? 1) - 1])"
    }

    /// Returns a time of day in UTC, such as `07:05`.
    static func time(_ date: Date) -> String {
        let parts = Self.utc.dateComponents([.hour, .minute], from: date)
        func two(_ number: Int?) -> String { "\(100 + (number ?? 0))".suffix(2).description }
        return "\(two(parts.hour)):\(two(parts.minute))"
    }

    /// Returns a day and a time, such as `29 Nov 07:05 UTC`.
    static func moment(_ date: Date) -> String { "\(self.day(date)) \(self.time(date)) UTC" }
}
