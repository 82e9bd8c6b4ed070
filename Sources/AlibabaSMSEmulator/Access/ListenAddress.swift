// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TextFormats

/// The address or name on which an emulator listens.
struct ListenAddress: Sendable, Hashable {
    let host: String

    init(_ host: String) {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : host
    }

    /// The address in canonical spelling, or `nil` for a host name.
    private var address: String? { (try? SocketAddress(ipAddress: self.host, port: 0))?.ipAddress }

    /// Whether the emulator is reachable only from this machine.
    var isLoopback: Bool {
        guard let address = self.address else { return self.host.lowercased() == "localhost" }
        return address == "::1" || address.hasPrefix("127.")
    }

    /// Whether the emulator listens on all addresses of the machine.
    var isEveryAddress: Bool { ["0.0.0.0", "::"].contains(self.address ?? self.host) }

    /// The host in URL syntax, for requests from this machine.
    var authority: String {
        if self.isEveryAddress { return self.host.contains(":") ? "[::1]" : "127.0.0.1" }
        return self.host.contains(":") ? "[\(self.host)]" : self.host
    }
}

extension SMSGatewayEmulator.Configuration {
    /// The host names under which the page and the REST API are served, besides loopback names.
    var servedHosts: [String] {
        let address = ListenAddress(self.host)
        return self.allowedHosts + (address.isEveryAddress ? [] : [address.host])
    }

    /// Checks the access settings.
    ///
    /// An emulator that other machines can reach must have a token, and the allowed hosts must be valid.
    func checkAccess() throws(EmulatorConfigurationError) {
        guard self.token != nil || ListenAddress(self.host).isLoopback else {
            let message = "an emulator that listens on an address other than loopback requires a token"
            throw EmulatorConfigurationError(description: message)
        }
        for host in self.allowedHosts where !Self.isHost(host) {
            throw EmulatorConfigurationError(description: "an allowed host is a name or an address, without a port")
        }
    }

    private static func isHost(_ text: String) -> Bool {
        let bare = ListenAddress(text).host
        if bare.contains(":") { return (try? SocketAddress(ipAddress: bare, port: 0)) != nil }
        return !bare.isEmpty
            && bare.utf8.allSatisfy { byte in
                byte.isASCIIAlphanumeric || ".-_".utf8.contains(byte)
            }
    }
}
