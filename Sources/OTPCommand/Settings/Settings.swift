// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Hiredis
import OTP
import SMSKit

/// The settings, which come from options and from the environment.
///
/// Options override the environment. Error messages name the variable, but never contain its value.
struct Settings: Sendable {
    private static let plaintextName = "OTP_ALLOW_PLAINTEXT_ENDPOINT"

    private let values: [String: String]

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - options: The values of options, by the name of the variable that each option overrides.
    ///   - environment: The environment variables.
    init(options: [String: String] = [:], environment: [String: String]) {
        self.values = environment.merging(options) { _, option in option }
    }

    /// Returns a value, or `nil` if it is missing or empty.
    func value(_ name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    private func require(_ name: String, _ hint: String) throws(CommandFailure) -> String {
        guard let value = self.value(name) else { throw .missing(name, hint) }
        return value
    }

    func redis() throws(CommandFailure) -> RedisConfiguration {
        let url = try self.require("OTP_REDIS_URL", "set it to a shared Redis, such as redis://host:6379")
        do {
            return try RedisConfiguration(url: url)
        } catch {
            throw .unusable("OTP_REDIS_URL", error.message)
        }
    }

    func keys() throws(CommandFailure) -> KeyRing {
        let text = try self.require("OTP_KEYS", "set it to 'code/NAME:BASE64,index/NAME:BASE64', 32 random bytes each")
        do {
            return try KeyRing(text: text)
        } catch {
            throw .unusable("OTP_KEYS", error.message)
        }
    }

    func destinations() throws(CommandFailure) -> Set<Region> {
        let name = "OTP_COUNTRIES"
        let text = try self.require(name, "set it to the regions to which codes are sent, such as SG,GB, or to all")
        if text.lowercased() == "all" { return Set(Region.all) }
        var regions: Set<Region> = []
        for (position, code) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let region = Region(code.filter { $0 != " " }) else {
                throw .unusable(name, "entry \(position + 1) is not a region such as SG or GB")
            }
            regions.insert(region)
        }
        return regions
    }

    /// Returns the policy.
    ///
    /// Destinations are required only for sends.
    func policy(sends: Bool) throws(CommandFailure) -> OTPPolicy {
        // The destinations limit only sends. A code that was sent can always be verified.
        var policy = OTPPolicy(destinations: sends ? try self.destinations() : Set(Region.all))
        if let text = self.value("OTP_RESEND") {
            guard let resend = OTPPolicy.ResendPolicy(rawValue: text) else {
                throw .unusable("OTP_RESEND", "it must be repeat or renew")
            }
            policy.resend = resend
        }
        policy.kinds = try self.kinds() ?? policy.kinds
        return policy
    }

    /// Returns the kinds of numbers to which codes are sent, or `nil` without the setting.
    func kinds() throws(CommandFailure) -> Set<PhoneNumber.Kind>? {
        let name = "OTP_NUMBER_KINDS"
        guard let text = self.value(name) else { return nil }
        var kinds: Set<PhoneNumber.Kind> = []
        for (position, entry) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let kind = PhoneNumber.Kind(name: entry.filter { $0 != " " }) else {
                let names = PhoneNumber.Kind.all.map(\.description).joined(separator: ", ")
                throw .unusable(name, "entry \(position + 1) is not one of \(names)")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// Returns the published numbering plan with the additions of the operator.
    func numberingPlan() throws(CommandFailure) -> NumberingPlan {
        let name = "OTP_NUMBERING_PLAN"
        guard let text = self.value(name) else { return .published }
        do {
            return try NumberingPlan(additions: text)
        } catch {
            throw .unusable(name, error.message)
        }
    }

    func gateway() throws(CommandFailure) -> AlibabaSMSConfiguration {
        var configuration = AlibabaSMSConfiguration()
        if let endpoint = self.value("OTP_SMS_ENDPOINT") { configuration.endpoint = endpoint }
        configuration.senderID = self.value("OTP_SMS_SENDER_ID")
        configuration.allowsPlaintextEndpoint = try self.allowsPlaintextEndpoint()
        return configuration
    }

    /// Returns whether other machines may be reached by `http:` for the gateway and STS.
    private func allowsPlaintextEndpoint() throws(CommandFailure) -> Bool {
        switch self.value(Self.plaintextName)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .unusable(Self.plaintextName, "it must be true or false")
        }
    }

    /// Returns why an endpoint is invalid, and names the setting that allows `http:`.
    static func reason(endpoint error: AlibabaSMSError) -> String {
        guard error.message.contains("must be https:") else { return error.message }
        return "\(error.message); \(Self.plaintextName)=true allows http:, for example to an emulator in a container"
    }

    /// Creates the HTTP client, with the proxy from the environment.
    func httpClient(_ gateway: AlibabaSMSConfiguration) throws(CommandFailure) -> AlibabaHTTPClient {
        let proxy: HTTPProxy?
        do {
            proxy = try HTTPProxy.fromEnvironment(self.values)
        } catch {
            let variable = error.field == "proxyExceptions" ? "NO_PROXY" : "HTTPS_PROXY"
            throw .unusable(self.value(variable) == nil ? variable.lowercased() : variable, error.message)
        }
        do {
            return try AlibabaHTTPClient(gateway, proxy: proxy)
        } catch {
            let name = error.field == "senderID" ? "OTP_SMS_SENDER_ID" : "OTP_SMS_ENDPOINT"
            throw .unusable(name, Self.reason(endpoint: error))
        }
    }

    /// Returns the credential from the environment, or `nil` if no part of it is set.
    func credential() throws(CommandFailure) -> AlibabaCredential? {
        let names = [
            "accessKeyID": "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "accessKeySecret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "securityToken": "ALIBABA_CLOUD_SECURITY_TOKEN",
        ]
        // A partial credential is an error. It is no reason to search the rest of the chain.
        guard names.values.contains(where: { self.value($0) != nil }) else { return nil }
        do {
            return try EnvironmentCredentialProvider(environment: self.values).credential()
        } catch {
            let name = error.field.map { names[$0] ?? $0 } ?? "the credential"
            guard error.code != .missingCredential else { throw .missing(name, "it signs the requests") }
            throw .unusable(name, error.message)
        }
    }

    /// Returns the credential chain.
    ///
    /// - Parameters:
    ///   - gateway: The configuration of the gateway. Its setting for `http:` also applies to STS.
    ///   - httpClient: The HTTP connections.
    /// - Returns: The credential chain.
    /// - Throws: ``CommandFailure`` if the endpoint of STS is invalid.
    func credentialChain(
        for gateway: AlibabaSMSConfiguration,
        _ httpClient: AlibabaHTTPClient
    ) throws(CommandFailure) -> DefaultCredentialProvider {
        var configuration = DefaultCredentialProvider.Configuration(environment: self.values)
        configuration.stsEndpoint = self.value("OTP_STS_ENDPOINT")
        configuration.allowsPlaintextSTSEndpoint = gateway.allowsPlaintextEndpoint
        do {
            try configuration.checkSTSEndpoint()
        } catch {
            throw .unusable("OTP_STS_ENDPOINT", Self.reason(endpoint: error))
        }
        if let endpoint = self.value("OTP_METADATA_ENDPOINT") { configuration.metadataEndpoint = endpoint }
        return .default(configuration, httpClient: httpClient)
    }

    func inboxURL() throws(CommandFailure) -> String {
        let name = self.value("OTP_INBOX_URL") == nil ? "OTP_SMS_ENDPOINT" : "OTP_INBOX_URL"
        guard let text = self.value(name) else {
            throw .missing("OTP_INBOX_URL", "set it to the URL that otp demo or otp emulator prints")
        }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.user() == nil, url.query() == nil, url.fragment() == nil
        else { throw .unusable(name, "it must have scheme, host and port, such as http://127.0.0.1:8026") }
        return text
    }
}
