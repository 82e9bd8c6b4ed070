// SPDX-License-Identifier: Apache-2.0

/// The value of `--listen` or `--metrics-listen`: a host and a port.
struct ListenOption: Sendable {
    /// The default address of the HTTP service.
    static let standard = Self(host: "127.0.0.1", port: 8080)

    let host: String
    let port: Int

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses a text such as `127.0.0.1:8080`, `[::1]:8080` or `localhost:0`.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - option: The name of the option, for error messages.
    /// - Throws: ``CommandFailure`` with the exit status for wrong usage.
    init(_ text: String, option: String = "--listen") throws(CommandFailure) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw .usage("\(option) is HOST:PORT, such as 127.0.0.1:8080") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let isAddress = text.hasPrefix("[") || !host.contains(":")
        guard !host.isEmpty, isAddress else { throw .usage("\(option) is HOST:PORT; an IPv6 address has brackets") }
        self.host = String(host)
        self.port = port
    }

    /// Returns the URL of a server on this host and the given port.
    func url(port: Int) -> String { "http://\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(port)" }
}
