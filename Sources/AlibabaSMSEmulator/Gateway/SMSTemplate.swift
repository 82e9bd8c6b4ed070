/// A template that the account has had approved for mainland China.
public struct SMSTemplate: Sendable, Hashable {
    /// The code, such as `SMS_123456`.
    public var code: String

    /// The words with the names of variables in them, as in `Your code is ${code}`.
    ///
    /// Without words any variables are taken, and the inbox shows them as they are.
    public var content: String?

    /// Creates a template.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - content: The words, in which `${name}` stands for a variable.
    public init(code: String, content: String? = nil) {
        self.code = code
        self.content = content
    }

    /// The words with the values of the variables.
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
