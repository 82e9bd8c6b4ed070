// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit

/// The regions of the region picker, with their names in one language.
struct RegionList: Sendable {
    /// A region with its name.
    struct Entry: Sendable, Hashable {
        var region: Region
        var name: String
    }

    /// The codes of the regions at the top of the region picker.
    private static let commonCodes = ["SG", "CN", "HK", "MO", "TW", "MY", "JP", "US", "GB"]

    private static let english = RegionList(.english)
    private static let chinese = RegionList(.chinese)

    /// The regions at the top of the region picker.
    let common: [Entry]

    /// All regions in the alphabetical order of the language.
    let all: [Entry]

    /// Returns the regions with their names in a language.
    static func named(in language: PageLanguage) -> RegionList {
        switch language {
        case .english: Self.english
        case .chinese: Self.chinese
        }
    }

    private init(_ language: PageLanguage) {
        let locale = Locale(identifier: language.rawValue)
        func entry(_ region: Region) -> Entry {
            Entry(region: region, name: locale.localizedString(forRegionCode: region.code) ?? region.code)
        }
        self.common = Self.commonCodes.compactMap { Region($0) }.map(entry)
        self.all = Region.all.map(entry)
            .sorted { $0.name.compare($1.name, options: [], range: nil, locale: locale) == .orderedAscending }
    }

    /// Returns the initially selected region for a new visitor.
    ///
    /// - Parameter header: The value of the header `Accept-Language`; `nil` if the request has no such header.
    /// - Returns: The first region in the header; Singapore if there is no region.
    static func region(acceptLanguage header: String?) -> Region {
        let tags = (header ?? "").split(whereSeparator: { ",; ".contains($0) }).prefix(32)
        let codes = tags.filter { !$0.contains("=") }.flatMap { $0.split(separator: "-").dropFirst() }
        return codes.filter { $0.utf8.count == 2 }.lazy.compactMap { Region(String($0)) }.first ?? .singapore
    }
}
