// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension DeliveryReportSettings {
    /// Checks the URL of the receiver.
    ///
    /// - Throws: An error if the URL is not an `http:` or `https:` URL, or if the host of the URL is not allowed.
    func check() throws(EmulatorConfigurationError) {
        guard let url = URL(string: self.url), url.scheme == "http" || url.scheme == "https", let host = url.host()
        else {
            throw EmulatorConfigurationError(description: "the delivery report URL must begin with http:// or https://")
        }
        let loopback = ["localhost", "127.0.0.1", "::1", "[::1]"]
        guard self.allowsOtherHosts || loopback.contains(host.lowercased()) else {
            let message = "the host of the delivery report URL is not loopback: set allowsOtherHosts to allow it"
            throw EmulatorConfigurationError(description: message)
        }
    }
}
