// SPDX-License-Identifier: Apache-2.0

import OTP

/// A language of the page.
package enum PageLanguage: String, Sendable, Hashable, CaseIterable {
    case english = "en"
    case chinese = "zh-Hans"

    /// Creates the language that best matches an `Accept-Language` header; English if no language matches.
    ///
    /// - Parameter header: The value of the header; `nil` if the request has no such header.
    init(acceptLanguage header: String?) {
        let locales = Self.allCases.compactMap { MessageLocale(languageTag: $0.rawValue) }
        let match = header.flatMap { MessageLocale(acceptLanguage: $0, among: locales) }
        self = match.flatMap { Self(rawValue: $0.rawValue) } ?? .english
    }

    /// The texts of the page.
    var texts: PageTexts {
        switch self {
        case .english: .english
        case .chinese: .chinese
        }
    }
}
