import FoundationEssentials

/// Why an emulator cannot run as it is configured.
public struct EmulatorConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason in a sentence.
    public let description: String
}

extension DeliveryReportSettings {
    /// Checks that the reports go where they may go.
    func check() throws(EmulatorConfigurationError) {
        guard let url = URL(string: self.url), url.scheme == "http" || url.scheme == "https", let host = url.host()
        else {
            throw EmulatorConfigurationError(description: "The URL of the delivery reports is not one of HTTP.")
        }
        let loopback = ["localhost", "127.0.0.1", "::1", "[::1]"]
        guard self.allowsOtherHosts || loopback.contains(host.lowercased()) else {
            let message = "The URL of the delivery reports is not on this machine, and no other was allowed."
            throw EmulatorConfigurationError(description: message)
        }
    }
}
