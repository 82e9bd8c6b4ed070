// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTPEnvironment
import OTPServer
import SendGuard
import Webhooks

/// The settings that only the HTTP service needs.
struct ServerSettings: Sendable {
    /// The accepted API keys.
    let keys: APIKeyRing

    /// The proxies that are trusted to state the address of a client.
    let proxies: TrustedProxies

    /// The address of the HTTP service.
    let address: ListenOption

    /// The address of the metrics; `nil` if the metrics are off.
    let metricsAddress: ListenOption?

    let logFormat: LogFormat
    let logLevel: LogLevel

    /// The seconds after SIGTERM during which the service still accepts connections.
    let drainDelay: Int

    /// The handler of delivery reports; `nil` if delivery reports are off.
    let reports: DeliveryReportHandler?

    /// The receiver of webhooks; `nil` if webhooks are off.
    let webhooks: WebhookEndpoint?

    /// Reads and checks the settings.
    ///
    /// - Parameter settings: The settings.
    /// - Throws: `OTPSettingsError` with the name of the variable.
    init(_ settings: OTPSettings) throws(OTPSettingsError) {
        self.keys = try Self.keys(settings)
        self.proxies = try Self.proxies(settings)
        self.address = try Self.address(settings, .listen) ?? ListenOption.standard
        self.metricsAddress = try Self.address(settings, .metricsListen)
        self.logFormat = try Self.name(settings, .logFormat) ?? .text
        self.logLevel = try Self.name(settings, .logLevel) ?? .notice
        self.drainDelay = try Self.drainDelay(settings)
        self.reports = try Self.reports(settings)
        self.webhooks = try Self.webhooks(settings)
    }

    /// Adds the errors of all variables that only the HTTP service reads.
    ///
    /// Missing API keys are not an error here, because other commands need no API keys.
    static func check(_ settings: OTPSettings, _ problems: inout SettingProblems) {
        problems.check { () throws(OTPSettingsError) in
            if settings.value(.apiKeys) != nil { _ = try self.keys(settings) }
        }
        problems.check { () throws(OTPSettingsError) in _ = try self.proxies(settings) }
        problems.check { () throws(OTPSettingsError) in _ = try self.address(settings, .listen) }
        problems.check { () throws(OTPSettingsError) in _ = try self.address(settings, .metricsListen) }
        problems.check { () throws(OTPSettingsError) in _ = try self.name(settings, .logFormat) as LogFormat? }
        problems.check { () throws(OTPSettingsError) in _ = try self.name(settings, .logLevel) as LogLevel? }
        problems.check { () throws(OTPSettingsError) in _ = try self.drainDelay(settings) }
        problems.check { () throws(OTPSettingsError) in _ = try self.reports(settings) }
        problems.check { () throws(OTPSettingsError) in _ = try self.webhooks(settings) }
    }

    /// Returns the API keys from the variable `OTP_API_KEYS`.
    ///
    /// The variable contains the entries of the keys, or the path of a file with these entries.
    private static func keys(_ settings: OTPSettings) throws(OTPSettingsError) -> APIKeyRing {
        let value = try settings.require(.apiKeys)
        let text = value.contains(":sha256.") ? value : Self.content(of: value)
        guard let text else {
            throw settings.invalid(.apiKeys, "its file cannot be read, is not UTF-8, or is larger than 1 MiB")
        }
        do {
            return try APIKeyRing(text: text)
        } catch {
            throw settings.invalid(.apiKeys, error.description)
        }
    }

    private static func content(of path: String) -> String? {
        SmallFile.content(atPath: path).flatMap { String(bytes: $0, encoding: .utf8) }
    }

    private static func proxies(_ settings: OTPSettings) throws(OTPSettingsError) -> TrustedProxies {
        var proxies = TrustedProxies()
        if let text = settings.value(.trustedProxies) {
            proxies.ranges = try settings.entries(of: text, in: .trustedProxies, "is not an address or a range") {
                AddressRange($0)
            }
        }
        if let text = settings.value(.proxyHeader) {
            guard let header = TrustedProxies.Header.all.first(where: { $0.description == text.lowercased() }) else {
                throw settings.invalid(.proxyHeader, "it is not a header that states addresses")
            }
            proxies.header = header
        }
        return proxies
    }

    private static func address(
        _ settings: OTPSettings,
        _ variable: Variable
    ) throws(OTPSettingsError) -> ListenOption? {
        guard let text = settings.value(variable) else { return nil }
        do {
            return try ListenOption(text)
        } catch {
            throw settings.invalid(variable, "it is not HOST:PORT")
        }
    }

    private static func name<Name: RawRepresentable<String>>(
        _ settings: OTPSettings,
        _ variable: Variable
    ) throws(OTPSettingsError) -> Name? {
        guard let text = settings.value(variable) else { return nil }
        guard let name = Name(rawValue: text) else { throw settings.invalid(variable, "there is no such value") }
        return name
    }

    private static func drainDelay(_ settings: OTPSettings) throws(OTPSettingsError) -> Int {
        guard let text = settings.value(.drainDelay) else { return 0 }
        guard let seconds = Int(text), (0...600).contains(seconds) else {
            throw settings.invalid(.drainDelay, "it is not a number of seconds, or out of range")
        }
        return seconds
    }

    private static func reports(_ settings: OTPSettings) throws(OTPSettingsError) -> DeliveryReportHandler? {
        guard let secret = settings.value(.reportPathSecret) else { return nil }
        do {
            return try DeliveryReportHandler(secret: secret)
        } catch {
            throw settings.invalid(.reportPathSecret, "it has another length or other characters")
        }
    }

    private static func webhooks(_ settings: OTPSettings) throws(OTPSettingsError) -> WebhookEndpoint? {
        // A secret without a URL is an error, so a forgotten URL does not turn webhooks off silently.
        let allowsPrivate = try settings.flag(.webhookAllowPrivate)
        guard settings.value(.webhookURL) != nil || settings.value(.webhookSecret) != nil else { return nil }
        let secrets = try settings.entries(
            of: settings.require(.webhookSecret),
            in: .webhookSecret,
            "is not a secret of webhooks"
        ) { try? WebhookSecret($0) }
        let url = try settings.require(.webhookURL)
        do {
            return try WebhookEndpoint(url: url, secrets: secrets, allowsPrivateAddresses: allowsPrivate)
        } catch {
            throw settings.invalid(.webhookURL, error.message)
        }
    }
}
