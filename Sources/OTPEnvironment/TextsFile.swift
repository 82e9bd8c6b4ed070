// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import StrictJSON

/// A JSON file with custom texts of messages, keyed by language tag.
///
/// ```json
/// {
///   "en": {"actions": {"shop.pay": "confirm your payment"}},
///   "sv": {
///     "texts": ["{brand}: {code} är din kod för att {action}. Giltig i {validity}. Dela den aldrig."],
///     "actions": {"sign-in": "logga in", "other": "bekräfta din begäran"},
///     "minutes": {"one": "1 minut", "other": "{minutes} minuter"},
///     "regions": ["SE"],
///     "brand": "Exempel"
///   }
/// }
/// ```
struct TextsFile: Sendable {
    private static let maximumSize = 1 << 20

    /// The custom texts of each language, in the order of the language tags.
    private(set) var wordings: [MessageWording] = []

    /// The brands for single languages, which replace the general brand.
    private(set) var brands: [MessageLocale: String] = [:]

    /// A mistake in the file.
    struct Mistake: Error {
        var reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// Parses the content of a file.
    ///
    /// - Parameter json: The content.
    /// - Throws: ``Mistake`` if the content is invalid. The reason contains the language tag of the invalid texts.
    init(json: some Collection<UInt8>) throws(Mistake) {
        guard json.count <= Self.maximumSize else { throw Mistake("it is larger than 1 MiB") }
        let document: JSON
        do {
            document = try JSON(parsing: json, rules: .ownFormat)
        } catch {
            throw Mistake("it is not JSON: \(error)")
        }
        for (tag, json) in try Self.object(document, "the document").sorted(by: { $0.key < $1.key }) {
            do throws(Mistake) {
                try self.read(tag, json)
            } catch {
                throw Mistake("\(tag.prefix(64)): \(error.reason)")
            }
        }
    }

    private mutating func read(_ tag: String, _ json: JSON) throws(Mistake) {
        guard let locale = MessageLocale(languageTag: tag) else {
            throw Mistake("it is not a language tag such as sv, zh-Hant or pt-BR")
        }
        guard !self.wordings.contains(where: { $0.locale == locale }) else { throw Mistake("it occurs twice") }
        let members = try Self.object(json, "it")
        let known = ["actions", "brand", "minutes", "regions", "texts"]
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw Mistake("'\(unknown.prefix(64))' is not one of \(known.joined(separator: ", "))")
        }
        let actions = try members["actions"].map { json throws(Mistake) in try Self.strings(json, "actions") } ?? [:]
        do {
            self.wordings.append(
                try MessageWording(
                    locale,
                    texts: try members["texts"].map { json throws(Mistake) in try Self.list(json, "texts") },
                    actions: try Self.purposes(actions),
                    otherAction: actions["other"],
                    minutes: try members["minutes"].map(Self.minutes),
                    regions: try members["regions"].map(Self.regions)
                )
            )
        } catch let error as MessageTemplateError {
            throw Mistake(error.message)
        } catch let error as Mistake {
            throw error
        } catch {
            throw Mistake("\(error)")
        }
        if let brand = members["brand"] {
            guard let text = brand.string else { throw Mistake("brand is not a string") }
            self.brands[locale] = text
        }
    }

    private static func purposes(_ actions: [String: String]) throws(Mistake) -> [OTPPurpose: String] {
        var purposes: [OTPPurpose: String] = [:]
        for (name, words) in actions where name != "other" {
            guard let purpose = OTPPurpose(rawValue: name) else {
                throw Mistake("actions has a purpose with characters other than a-z, 0-9, '.', '_' and '-'")
            }
            purposes[purpose] = words
        }
        return purposes
    }

    private static func minutes(_ json: JSON) throws(Mistake) -> [PluralCategory: String] {
        var forms: [PluralCategory: String] = [:]
        for (name, form) in try Self.strings(json, "minutes") {
            guard let category = PluralCategory(rawValue: name) else {
                let known = PluralCategory.allCases.map(\.rawValue).joined(separator: ", ")
                throw Mistake("minutes has a form that is not one of \(known)")
            }
            forms[category] = form
        }
        return forms
    }

    private static func regions(_ json: JSON) throws(Mistake) -> [Region] {
        var regions: [Region] = []
        for code in try Self.list(json, "regions") {
            guard let region = Region(code) else {
                throw Mistake("regions has an entry that is not a region such as SE")
            }
            regions.append(region)
        }
        return regions
    }

    private static func object(_ json: JSON, _ name: String) throws(Mistake) -> [String: JSON] {
        guard let members = json.object else { throw Mistake("\(name) is not an object") }
        return members
    }

    private static func strings(_ json: JSON, _ name: String) throws(Mistake) -> [String: String] {
        var strings: [String: String] = [:]
        for (key, value) in try Self.object(json, name) {
            guard let string = value.string else { throw Mistake("\(name) has a member that is not a string") }
            strings[key] = string
        }
        return strings
    }

    private static func list(_ json: JSON, _ name: String) throws(Mistake) -> [String] {
        guard let strings = json.strings else { throw Mistake("\(name) is not an array of strings") }
        return strings
    }
}
