// SPDX-License-Identifier: Apache-2.0

/// An approved template for messages to mainland China.
public struct SMSTemplate: Sendable, Hashable {
    /// The template code, such as `SMS_123456`.
    public var code: String

    /// The text with placeholders such as `${code}`; `nil` for a template without content.
    ///
    /// A template without content accepts any variables. The inbox then shows the names and values of the variables instead of
    /// a text.
    public var content: String?

    /// Creates a template.
    ///
    /// - Parameters:
    ///   - code: The template code, such as `SMS_123456`.
    ///   - content: The text with placeholders such as `${code}`; `nil` for a template without content.
    public init(code: String, content: String? = nil) {
        self.code = code
        self.content = content
    }

    /// Returns the content with each placeholder replaced by its value.
    func text(with values: [String: String]) throws(ServiceError) -> String {
        guard let content = self.content else {
            let list = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\(self.code) \(list.joined(separator: ", "))"
        }
        var text = ""
        var rest = content[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let name = String(rest[start.upperBound..<end])
            guard let value = values[name] else {
                throw ServiceError("CONTENT_MISSING_PARAMETERS", "A variable of the template has no value.")
            }
            text += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}
