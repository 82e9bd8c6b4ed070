// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS
public import NIOCore

extension OTPSettings {
    /// Creates a client of Alibaba Cloud SMS that owns its connections.
    ///
    /// The method reads `OTP_SMS_ENDPOINT`, `OTP_ALLOW_PLAINTEXT_ENDPOINT`, `OTP_SMS_SENDER_ID`, and the variables of the proxy
    /// and of the AccessKey. Without an AccessKey in the environment, the client uses the credential chain, which fetches a
    /// credential before the first message. Run the client in a `ServiceGroup`, or call `shutdown()` when the process ends.
    ///
    /// - Parameter eventLoopGroup: The event loops of the client; `nil` for the shared event loops of the process.
    /// - Returns: The client.
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    public func smsClient(
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(OTPSettingsError) -> AlibabaSMSClient {
        let gateway = try self.gateway
        let credential = try self.credential
        let httpClient = try self.httpClient(gateway, eventLoopGroup: eventLoopGroup)
        guard let credential else {
            let chain = try self.credentialChain(for: gateway, httpClient)
            return try self.smsClient(gateway, chain, httpClient, ownsHTTPClient: true)
        }
        return try self.smsClient(gateway, StaticCredentialProvider(credential), httpClient, ownsHTTPClient: true)
    }

    /// The configuration of the gateway from `OTP_SMS_ENDPOINT`, `OTP_ALLOW_PLAINTEXT_ENDPOINT` and `OTP_SMS_SENDER_ID`.
    ///
    /// The URL and the sender ID are not checked until a client is created.
    public var gateway: AlibabaSMSConfiguration {
        get throws(OTPSettingsError) {
            var configuration = AlibabaSMSConfiguration()
            if let endpoint = self.value(.smsEndpoint) { configuration.endpoint = endpoint }
            configuration.senderID = self.value(.senderID)
            configuration.allowsPlaintextEndpoint = try self.allowsPlaintextEndpoint()
            return configuration
        }
    }

    /// The proxy from the variables `HTTPS_PROXY` and `NO_PROXY`, or from the same names in lower case; `nil` for no proxy.
    public var proxy: HTTPProxy? {
        get throws(OTPSettingsError) {
            do {
                return try HTTPProxy.fromEnvironment(self.values)
            } catch {
                let variable: Variable = error.field == "proxyExceptions" ? .proxyExceptions : .proxy
                let name = variable.names.first { self.value($0) != nil } ?? variable.name
                throw self.invalid(name, error.message, remedy: variable.remedy)
            }
        }
    }

    /// The AccessKey in the environment variables; `nil` if none of the variables for an AccessKey is set.
    ///
    /// If one of these variables is set, but the ID or the secret is missing, the property throws an error. Without this error,
    /// the client would silently use another credential.
    public var credential: AlibabaCredential? {
        get throws(OTPSettingsError) {
            let parts: [Variable] = [.accessKeyID, .accessKeySecret, .securityToken]
            guard parts.contains(where: { self.value($0) != nil }) else { return nil }
            do {
                return try EnvironmentCredentialProvider(environment: self.values).credential()
            } catch {
                let variable = parts.first { [$0.name, Self.field($0)].contains(error.field) } ?? .accessKeyID
                guard error.code != .missingCredential else { throw self.missing(variable) }
                // The message of the error already contains a remedy.
                throw self.invalid(variable.name, Self.problem(error), remedy: nil)
            }
        }
    }

    /// Returns the name of a credential field, such as `accessKeySecret`, for the variable with the value of this field.
    ///
    /// An error of the gateway's client contains either the name of the field or the name of the variable.
    private static func field(_ variable: Variable) -> String {
        switch variable {
        case .accessKeySecret: "accessKeySecret"
        case .securityToken: "securityToken"
        default: "accessKeyID"
        }
    }

    /// Returns whether `http:` is allowed for the gateway and the security token service (STS) on other machines.
    private func allowsPlaintextEndpoint() throws(OTPSettingsError) -> Bool {
        try self.flag(.allowPlaintext)
    }
}

extension OTPSettings {
    /// Creates an HTTP client for the gateway, with the proxy from the environment variables.
    package func httpClient(
        _ gateway: AlibabaSMSConfiguration,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(OTPSettingsError) -> AlibabaHTTPClient {
        let proxy = try self.proxy
        do {
            return try AlibabaHTTPClient(gateway, proxy: proxy, eventLoopGroup: eventLoopGroup)
        } catch {
            throw self.invalidGateway(error)
        }
    }

    /// Creates a client of the gateway with an existing HTTP client.
    ///
    /// If `ownsHTTPClient` is `true`, the new client also shuts down the HTTP client.
    package func smsClient(
        _ gateway: AlibabaSMSConfiguration,
        _ credentials: some CredentialProvider,
        _ httpClient: AlibabaHTTPClient,
        ownsHTTPClient: Bool
    ) throws(OTPSettingsError) -> AlibabaSMSClient {
        do {
            return try AlibabaSMSClient(
                configuration: gateway,
                credentials: credentials,
                httpClient: httpClient,
                ownsHTTPClient: ownsHTTPClient
            )
        } catch {
            throw self.invalidGateway(error)
        }
    }

    /// Creates the credential chain, which searches several sources for a credential.
    ///
    /// - Parameters:
    ///   - gateway: The configuration of the gateway. If it allows `http:`, the endpoint of the security token service (STS)
    ///     may also begin with `http:`.
    ///   - httpClient: The HTTP client that fetches credentials.
    /// - Returns: The chain.
    /// - Throws: ``OTPSettingsError`` if the endpoint of STS or of the metadata service is invalid.
    package func credentialChain(
        for gateway: AlibabaSMSConfiguration,
        _ httpClient: AlibabaHTTPClient
    ) throws(OTPSettingsError) -> DefaultCredentialProvider {
        var configuration = DefaultCredentialProvider.Configuration(environment: self.values)
        configuration.stsEndpoint = self.value(.stsEndpoint)
        configuration.allowsPlaintextSTSEndpoint = gateway.allowsPlaintextEndpoint
        do {
            try configuration.checkSTSEndpoint()
        } catch {
            throw self.invalidEndpoint(.stsEndpoint, error)
        }
        if let endpoint = self.value(.metadataEndpoint) {
            configuration.metadataEndpoint = endpoint
            do {
                _ = try RefreshingCredentialProvider.instanceRole(endpoint: endpoint, httpClient: httpClient)
            } catch {
                throw self.invalid(.metadataEndpoint, Self.problem(error))
            }
        }
        return .default(configuration, httpClient: httpClient)
    }

    /// Returns the message of an error, with `it` instead of the name of the configuration field at its start.
    ///
    /// ``OTPSettingsError`` already names the environment variable for this field.
    private static func problem(_ error: AlibabaSMSError) -> String {
        guard let field = error.field, error.message.hasPrefix("\(field) ") else { return error.message }
        return "it\(error.message.dropFirst(field.count))"
    }

    private func invalidGateway(_ error: AlibabaSMSError) -> OTPSettingsError {
        error.field == "senderID"
            ? self.invalid(.senderID, Self.problem(error)) : self.invalidEndpoint(.smsEndpoint, error)
    }

    /// Returns the error for an invalid endpoint.
    ///
    /// If only `http:` is the problem, the remedy names the variable that allows `http:`.
    private func invalidEndpoint(_ variable: Variable, _ error: AlibabaSMSError) -> OTPSettingsError {
        let problem = Self.problem(error)
        guard problem.contains("must be https:") else { return self.invalid(variable, problem) }
        let name = Variable.allowPlaintext.name
        let remedy = "\(name)=true allows http:, for example to an emulator in a container"
        return self.invalid(variable.name, problem, remedy: remedy)
    }
}
