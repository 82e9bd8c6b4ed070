// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// Whether the text is a host name or an IP address of this machine: `localhost`, `::1` or an address in 127.0.0.0/8.
    package var isLoopbackHost: Bool {
        let octets = self.split(separator: ".", omittingEmptySubsequences: false)
        return self.lowercased() == "localhost" || self == "::1"
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
