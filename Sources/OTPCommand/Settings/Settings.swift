import AlibabaSMS
import Foundation
import Hiredis
import OTP
import SMSKit

/// The settings, read when they are asked for: an option first, then the environment.
///
/// What cannot be used is told by the name of its variable, never by its value.
struct Settings: Sendable {
    private static let plaintextName = "OTP_ALLOW_PLAINTEXT_ENDPOINT"

    private let values: [String: String]

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - options: What the options say, by the name of the variable that each replaces.
    ///   - environment: The environment.
    init(options: [String: String] = [:], environment: [String: String]) {
        self.values = environment.merging(options) { _, option in option }
    }

    /// A value, unless it is missing or empty.
    func value(_ name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    private func require(_ name: String, _ hint: String) throws(CommandFailure) -> String {
        guard let value = self.value(name) else { throw .missing(name, hint) }
        return value
    }

    func redis() throws(CommandFailure) -> RedisConfiguration {
        let url = try self.require("OTP_REDIS_URL", "codes need a Redis that all commands share, as redis://host:6379")
        do {
            return try RedisConfiguration(url: url)
        } catch {
            throw .unusable("OTP_REDIS_URL", error.message)
        }
    }

    func keys() throws(CommandFailure) -> KeyRing {
        let text = try self.require("OTP_KEYS", "it holds 'code/NAME:BASE64,index/NAME:BASE64', 32 random bytes each")
        do {
            return try KeyRing(text: text)
        } catch {
            throw .unusable("OTP_KEYS", error.message)
        }
    }

    func destinations() throws(CommandFailure) -> Set<Region> {
        let name = "OTP_COUNTRIES"
        let text = try self.require(name, "it lists where codes may be sent, as SG,GB, or says all")
        if text.lowercased() == "all" { return Set(Region.all) }
        var regions: Set<Region> = []
        for (position, code) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let region = Region(code.filter { $0 != " " }) else {
                throw .unusable(name, "entry \(position + 1) is not a region as SG or GB")
            }
            regions.insert(region)
        }
        return regions
    }

    /// The policy, for messages that are sent or for challenges that are already there.
    func policy(sends: Bool) throws(CommandFailure) -> OTPPolicy {
        // A code that was sent is verified wherever it was sent to.
        var policy = OTPPolicy(destinations: sends ? try self.destinations() : Set(Region.all))
        if let text = self.value("OTP_RESEND") {
            guard let resend = OTPPolicy.ResendPolicy(rawValue: text) else {
                throw .unusable("OTP_RESEND", "it is repeat or renew")
            }
            policy.resend = resend
        }
        policy.kinds = try self.kinds() ?? policy.kinds
        return policy
    }

    /// The kinds of numbers to which codes are sent, unless the setting is missing.
    func kinds() throws(CommandFailure) -> Set<PhoneNumber.Kind>? {
        let name = "OTP_NUMBER_KINDS"
        guard let text = self.value(name) else { return nil }
        var kinds: Set<PhoneNumber.Kind> = []
        for (position, entry) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let kind = PhoneNumber.Kind(name: entry.filter { $0 != " " }) else {
                let names = PhoneNumber.Kind.all.map(\.description).joined(separator: ", ")
                throw .unusable(name, "entry \(position + 1) is none of \(names)")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// The published numbering plan with the additions of the operator.
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

    /// Whether the gateway and STS may be reached over `http:` on another machine.
    private func allowsPlaintextEndpoint() throws(CommandFailure) -> Bool {
        switch self.value(Self.plaintextName)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .unusable(Self.plaintextName, "it is true or false")
        }
    }

    /// The reason why an endpoint cannot be used, with the setting that allows `http:` if that is the reason.
    static func reason(endpoint error: AlibabaSMSError) -> String {
        guard error.message.contains("must be https:") else { return error.message }
        return "\(error.message); \(Self.plaintextName)=true allows http:, as for the emulator in a container"
    }

    /// The HTTP connections, through the proxy that the environment names.
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

    /// The credential that the settings hold, unless they hold no part of one.
    func credential() throws(CommandFailure) -> AlibabaCredential? {
        let names = [
            "accessKeyID": "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "accessKeySecret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "securityToken": "ALIBABA_CLOUD_SECURITY_TOKEN",
        ]
        // Half of one is a mistake that is told, and no reason to look for another elsewhere.
        guard names.values.contains(where: { self.value($0) != nil }) else { return nil }
        do {
            return try EnvironmentCredentialProvider(environment: self.values).credential()
        } catch {
            let name = error.field.map { names[$0] ?? $0 } ?? "the credential"
            guard error.code != .missingCredential else { throw .missing(name, "requests are signed with it") }
            throw .unusable(name, error.message)
        }
    }

    /// Where a credential is looked for that the settings do not hold.
    ///
    /// - Parameters:
    ///   - gateway: The configuration of the gateway, which says whether STS too may be reached over `http:`.
    ///   - httpClient: The HTTP connections.
    /// - Returns: The chain.
    /// - Throws: ``CommandFailure`` if the endpoint of STS cannot be used.
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
            throw .missing("OTP_INBOX_URL", "it is the URL that otp demo or otp emulator prints")
        }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.user() == nil, url.query() == nil, url.fragment() == nil
        else { throw .unusable(name, "it is scheme, host and port, as http://127.0.0.1:8026") }
        return text
    }
}
