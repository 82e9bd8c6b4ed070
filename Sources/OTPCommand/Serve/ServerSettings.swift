// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPEnvironment
import OTPServer
import SendGuard

/// The variables of the HTTP service, which other commands do not need.
struct ServerSettings {
    /// The names of the variables, in the order of the documentation.
    static let variables = ["OTP_API_KEYS", "OTP_TRUSTED_PROXIES", "OTP_PROXY_HEADER"]

    private static let maximumFileSize = 1 << 20

    /// The API keys.
    let keys: APIKeyRing

    /// The proxies whose headers state the address of a client.
    let proxies: TrustedProxies

    private let settings: OTPSettings

    /// Reads the variables.
    ///
    /// - Parameter settings: The variables.
    /// - Throws: `OTPSettingsError` with the name of the variable.
    init(_ settings: OTPSettings) throws(OTPSettingsError) {
        self.settings = settings
        let text = try Self.keys(settings)
        do {
            self.keys = try APIKeyRing(text: text)
        } catch {
            throw Self.invalid("OTP_API_KEYS", error.description)
        }
        try Self.checkTenants(self.keys)
        self.proxies = try Self.proxies(settings)
    }

    /// Reads the API keys again, for example after a signal.
    ///
    /// If the new keys are invalid, the ring keeps its current keys.
    ///
    /// - Throws: `OTPSettingsError`.
    func reloadKeys() throws(OTPSettingsError) {
        let text = try Self.keys(self.settings)
        do {
            try Self.checkTenants(APIKeyRing(text: text))
            try self.keys.replace(with: text)
        } catch let error as OTPSettingsError {
            throw error
        } catch {
            throw Self.invalid("OTP_API_KEYS", "\(error)")
        }
    }

    /// Returns the entries of the keys: the value of the variable, or the content of the file that it names.
    private static func keys(_ settings: OTPSettings) throws(OTPSettingsError) -> String {
        guard let value = settings.value("OTP_API_KEYS") else {
            throw OTPSettingsError(
                .missing,
                "OTP_API_KEYS",
                problem: "it is not set",
                remedy: Self.remedy("OTP_API_KEYS")
            )
        }
        if value.contains(":sha256.") { return value }
        let bytes = try? FileHandle(forReadingFrom: URL(fileURLWithPath: value))
            .read(upToCount: Self.maximumFileSize + 1)
        guard let bytes, bytes.count <= Self.maximumFileSize, let text = String(bytes: bytes, encoding: .utf8) else {
            throw Self.invalid("OTP_API_KEYS", "its file cannot be read, is not UTF-8, or is larger than 1 MiB")
        }
        return text
    }

    /// Checks that each key can use the tenant of this service.
    private static func checkTenants(_ keys: APIKeyRing) throws(OTPSettingsError) {
        guard keys.tenants.subtracting([OTPRoutes.defaultTenant]).isEmpty else {
            throw Self.invalid("OTP_API_KEYS", "a key has another tenant than \(OTPRoutes.defaultTenant)")
        }
    }

    private static func proxies(_ settings: OTPSettings) throws(OTPSettingsError) -> TrustedProxies {
        var proxies = TrustedProxies()
        if let text = settings.value("OTP_TRUSTED_PROXIES") {
            for (position, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
                guard let range = AddressRange(part.filter { $0 != " " }) else {
                    throw Self.invalid("OTP_TRUSTED_PROXIES", "entry \(position + 1) is not an address or a range")
                }
                proxies.ranges.append(range)
            }
        }
        if let text = settings.value("OTP_PROXY_HEADER") {
            guard let header = TrustedProxies.Header.all.first(where: { $0.description == text.lowercased() }) else {
                throw Self.invalid("OTP_PROXY_HEADER", "it is not a header that states addresses")
            }
            proxies.header = header
        }
        return proxies
    }

    private static func invalid(_ variable: String, _ problem: String) -> OTPSettingsError {
        OTPSettingsError(.invalid, variable, problem: problem, remedy: Self.remedy(variable))
    }

    private static func remedy(_ variable: String) -> String {
        switch variable {
        case "OTP_API_KEYS": "set it to entries that 'otp api-key' prints, or to the path of a file with them"
        case "OTP_TRUSTED_PROXIES": "set it to addresses and ranges such as 10.0.0.0/8,2001:db8::1"
        default: "set it to x-forwarded-for or forwarded"
        }
    }
}
