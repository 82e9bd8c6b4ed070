extension RedisConfiguration {
    /// Creates a configuration from a URL.
    ///
    /// `redis://[user[:password]@]host[:port][/database]`, where an IPv6 address stands in brackets and the port is
    /// 6379 unless given, or `unix:///path[?db=…][&username=…][&password=…]`. Each part is percent-decoded once.
    /// - Throws: ``RedisError/Code/invalidConfiguration``, which never repeats any part of the URL.
    public init(url: String) throws(RedisError) {
        guard let separator = url.firstRange(of: "://") else {
            throw .invalidURL("it must begin with redis:// or unix://")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        let parts = URLParts(url[separator.upperBound...])
        switch scheme {
        case "redis": try self.init(redis: parts)
        case "unix": try self.init(unix: parts)
        case "rediss": throw .invalidURL("TLS (rediss://) is not supported yet")
        case "redis-sentinel": throw .invalidURL("Sentinel (redis-sentinel://) is not supported yet")
        case "redis-cluster": throw .invalidURL("Cluster (redis-cluster://) is not supported yet")
        default: throw .invalidURL("it must begin with redis:// or unix://")
        }
    }

    private init(redis parts: URLParts) throws(RedisError) {
        let (host, port) = try Self.hostAndPort(parts.authority)
        self.init(endpoint: .tcp(host: host, port: port))
        try self.setCredentials(parts.userInfo)
        let path = parts.path.drop { $0 == "/" }
        if !path.isEmpty {
            self.database = try Self.database(path)
        }
        try self.setParameters(parts.query)
    }

    private init(unix parts: URLParts) throws(RedisError) {
        guard parts.authority.isEmpty, parts.path.utf8.count > 1 else {
            throw .invalidURL("a socket is written unix:///path, with three slashes")
        }
        self.init(endpoint: .unixSocket(path: try Self.decoded(parts.path)))
        try self.setCredentials(parts.userInfo)
        try self.setParameters(parts.query)
    }

    private mutating func setCredentials(_ userInfo: Substring?) throws(RedisError) {
        guard let userInfo else { return }
        let halves = userInfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if !halves[0].isEmpty {
            self.username = try Self.decoded(halves[0])
        }
        if halves.count == 2, !halves[1].isEmpty {
            self.password = try Self.decoded(halves[1])
        }
    }

    private mutating func setParameters(_ query: Substring) throws(RedisError) {
        for parameter in query.split(separator: "&") {
            let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw .invalidURL("a parameter has no value") }
            switch halves[0] {
            case "db": self.database = try Self.database(halves[1])
            case "username": self.username = try Self.decoded(halves[1])
            case "password": self.password = try Self.decoded(halves[1])
            default: throw .invalidURL("the only parameters are db, username and password")
            }
        }
    }

    private static func hostAndPort(_ authority: Substring) throws(RedisError) -> (String, Int) {
        var host = authority
        var port = Substring()
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw .invalidURL("the bracket after the host is missing")
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidURL("the port is not a number") }
            port = rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { throw .invalidURL("the host is missing") }
        guard !port.isEmpty else { return (try Self.decoded(host), 6379) }
        guard let number = Self.number(port), (1...65535).contains(number) else {
            throw .invalidURL("the port is not a number from 1 to 65535")
        }
        return (try Self.decoded(host), number)
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard let number = Self.number(text) else { throw .invalidURL("the database is not a number") }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func decoded(_ text: Substring) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.hexadecimal),
                let low = rest.popFirst().flatMap(Self.hexadecimal)
            else {
                throw .invalidURL("a percent sign is not followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw .invalidURL("a part of it is not UTF-8 text")
        }
        return decoded
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        Character(UnicodeScalar(digit)).hexDigitValue.map { UInt8($0) }
    }
}

/// The parts of a URL after its scheme, not yet decoded.
private struct URLParts {
    var userInfo: Substring?
    var authority: Substring
    var path: Substring
    var query: Substring

    init(_ text: Substring) {
        let authorityEnd = text.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? text.endIndex
        self.authority = text[..<authorityEnd]
        if let at = self.authority.lastIndex(of: "@") {
            self.userInfo = self.authority[..<at]
            self.authority = self.authority[self.authority.index(after: at)...]
        }
        let rest = text[authorityEnd...]
        let queryStart = rest.firstIndex(of: "?") ?? rest.endIndex
        self.path = rest[..<queryStart]
        self.query = rest[queryStart...].dropFirst()
    }
}

extension RedisError {
    fileprivate static func invalidURL(_ reason: String) -> Self {
        RedisError(code: .invalidConfiguration, message: "The Redis URL cannot be used: \(reason).")
    }
}
