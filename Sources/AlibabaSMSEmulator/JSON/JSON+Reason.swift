// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension JSON {
    /// Returns the reason why a text could not be decoded.
    ///
    /// - Parameters:
    ///   - error: The error of the parser or the decoder.
    ///   - noun: The word that the reason uses for the text, such as `body` or `file`.
    /// - Returns: The reason, such as `rules[2].fault.code is missing` or `the file is not JSON`.
    static func reason(_ error: any Error, noun: String) -> String {
        switch error {
        case let error as DecodingError: error.reason(noun: noun)
        case let error as JSONError: "the \(noun) is not JSON: \(error)"
        default: "the \(noun) is not JSON"
        }
    }
}

extension DecodingError {
    /// Returns the path of the invalid member and the reason, such as `rules[2].fault.code is missing`.
    func reason(noun: String) -> String {
        let context: Context
        var message: String
        switch self {
        case .typeMismatch(let type, let found):
            (context, message) = (found, "is not \(Self.name(of: type))")
        case .valueNotFound(_, let found): (context, message) = (found, "is null")
        case .keyNotFound(_, let found): (context, message) = (found, "is missing")
        case .dataCorrupted(let found): (context, message) = (found, found.debugDescription)
        @unknown default: return "the \(noun) cannot be read"
        }
        guard !context.codingPath.isEmpty else {
            if case .dataCorrupted = self { message = "is not JSON" }
            return "the \(noun) \(message)"
        }
        let path = context.codingPath.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
        return "\(path) \(message)"
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type, is UInt64.Type: "an integer"
        case is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "an array"
        default: "an object"
        }
    }
}
