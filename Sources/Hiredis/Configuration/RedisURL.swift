// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The parts of a Redis URL, before percent-decoding.
///
/// Methods that return parameters, credentials and endpoints percent-decode their results.
///
/// Errors contain no part of the URL, because any part may contain the password.
struct RedisURL {
    /// The scheme in lowercase.
    let scheme: String
    let userInfo: Substring?
    /// The hosts with their ports, before percent-decoding.
    let authority: Substring
    let path: Substring
    let fragment: Substring?
    private let parameters: [Substring: Substring]

    init(_ url: String, parameterNames: (String) -> Set<Substring>?) throws(RedisError) {
        guard let separator = url.firstRange(of: "://") else { throw Self.unknownScheme }
        self.scheme = url[..<separator.lowerBound].lowercased()
        guard let names = parameterNames(self.scheme) else { throw Self.unknownScheme }
        let text = url[separator.upperBound...]
        let authorityEnd = text.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? text.endIndex
        let authority = text[..<authorityEnd]
        let at = authority.lastIndex(of: "@")
        self.userInfo = at.map { authority[..<$0] }
        self.authority = at.map { authority[authority.index(after: $0)...] } ?? authority
        let rest = text[authorityEnd...]
        let fragmentStart = rest.firstIndex(of: "#") ?? rest.endIndex
        let queryStart = rest[..<fragmentStart].firstIndex(of: "?") ?? fragmentStart
        self.path = rest[..<queryStart]
        self.fragment = fragmentStart == rest.endIndex ? nil : rest[fragmentStart...].dropFirst()
        self.parameters = try Self.parameters(rest[queryStart..<fragmentStart].dropFirst(), names: names)
    }

    private static func parameters(
        _ query: Substring,
        names: Set<Substring>
    ) throws(RedisError) -> [Substring: Substring] {
        var parameters: [Substring: Substring] = [:]
        for parameter in query.split(separator: "&") {
            let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw .invalidURL("a parameter has no value") }
            guard names.contains(halves[0]) else {
                throw .invalidURL("the allowed parameters are \(names.sorted().joined(separator: ", "))")
            }
            guard parameters.updateValue(halves[1], forKey: halves[0]) == nil else {
                throw .invalidURL("a parameter is repeated")
            }
        }
        return parameters
    }

    private static let unknownScheme = RedisError.invalidURL(
        "it must start with redis://, rediss://, redis-sentinel://, rediss-sentinel://, redis-cluster://, "
            + "rediss-cluster:// or unix://"
    )

    // MARK: Values

    /// Returns the value of a parameter; `nil` if the URL does not contain the parameter.
    func parameter(_ name: Substring) throws(RedisError) -> String? {
        guard let value = self.parameters[name] else { return nil }
        return try Self.decoded(value)
    }

    /// Returns the number of the database; `nil` if the URL contains no number.
    ///
    /// The number is in the parameter `db` or in the path. The path of a `unix` URL is the path of the socket, and contains no
    /// number.
    func database() throws(RedisError) -> Int? {
        let path = self.scheme == "unix" ? "" : self.path.drop { $0 == "/" }
        guard let text = self.parameters["db"] ?? (path.isEmpty ? nil : path) else { return nil }
        guard path.isEmpty || text == path else { throw .invalidURL("the database is set twice") }
        guard !text.isEmpty, let number = Self.number(text) else {
            throw .invalidURL("the database is not a number")
        }
        return number
    }

    /// Returns the user and the password; `nil` for an empty user or password.
    func credentials() throws(RedisError) -> (username: String?, password: String?) {
        let halves = (self.userInfo ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let username = halves[0].isEmpty ? nil : try Self.decoded(halves[0])
        let password = halves.count < 2 || halves[1].isEmpty ? nil : try Self.decoded(halves[1])
        return (username, password)
    }

    /// Returns the host and port of a URL with exactly one server.
    func endpoint() throws(RedisError) -> RedisConfiguration.Endpoint {
        guard !self.authority.contains(",") else { throw .invalidURL("redis:// takes one host only") }
        return try Self.endpoint(self.authority, defaultPort: 6379)
    }

    /// Returns the hosts and ports of a URL with one or more servers.
    func endpoints(defaultPort: Int) throws(RedisError) -> [RedisConfiguration.Endpoint] {
        var endpoints: [RedisConfiguration.Endpoint] = []
        for part in self.authority.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try Self.endpoint(part, defaultPort: defaultPort))
        }
        return endpoints
    }

    private static func endpoint(
        _ text: Substring,
        defaultPort: Int
    ) throws(RedisError) -> RedisConfiguration.Endpoint {
        var host = text
        var port = Substring()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw .invalidURL("the bracket after the host is missing")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidURL("the port is not a number") }
            port = rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw .invalidURL("the host is missing") }
        guard !port.isEmpty else { return .tcp(host: try Self.decoded(host), port: defaultPort) }
        guard let number = Self.number(port), (1...65535).contains(number) else {
            throw .invalidURL("the port is not a number from 1 to 65535")
        }
        return .tcp(host: try Self.decoded(host), port: number)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
    }

    static func decoded(_ text: Substring) throws(RedisError) -> String {
        guard let bytes = PercentEncoding.decode(text) else {
            throw .invalidURL("a percent sign is not followed by two hexadecimal digits")
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw .invalidURL("a part of it is not UTF-8 text")
        }
        return decoded
    }
}

extension RedisError {
    static func invalidURL(_ reason: String) -> Self {
        RedisError(code: .invalidConfiguration, message: "the Redis URL is invalid: \(reason)")
    }
}
