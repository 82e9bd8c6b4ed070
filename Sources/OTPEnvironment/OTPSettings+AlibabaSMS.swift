// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS
public import NIOCore

extension OTPSettings {
    /// Creates a client of Alibaba Cloud SMS that owns its connections.
    ///
    /// It reads `OTP_SMS_ENDPOINT`, `OTP_ALLOW_PLAINTEXT_ENDPOINT`, `OTP_SMS_SENDER_ID`, the proxy, and the AccessKey of the
    /// environment. Without an AccessKey it uses the credential chain, which fetches a credential with the first message.
    /// Run the client in a `ServiceGroup`, or call `shutdown()` when the process ends.
    ///
    /// - Parameter eventLoopGroup: The event loops; by default the shared ones of the process.
    /// - Returns: The client.
    /// - Throws: ``OTPSettingsError`` that names the variable.
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

    /// The gateway of `OTP_SMS_ENDPOINT`, `OTP_ALLOW_PLAINTEXT_ENDPOINT` and `OTP_SMS_SENDER_ID`.
    ///
    /// The client checks URL and sender ID when it is created.
    public var gateway: AlibabaSMSConfiguration {
        get throws(OTPSettingsError) {
            var configuration = AlibabaSMSConfiguration()
            if let endpoint = self.value(.smsEndpoint) { configuration.endpoint = endpoint }
            configuration.senderID = self.value(.senderID)
            configuration.allowsPlaintextEndpoint = try self.allowsPlaintextEndpoint()
            return configuration
        }
    }

    /// The proxy of `HTTPS_PROXY` and `NO_PROXY`, also in lower case, or `nil` if none is set.
    public var proxy: HTTPProxy? {
        get throws(OTPSettingsError) {
            do {
                return try HTTPProxy.fromEnvironment(self.values)
            } catch {
                let variable: Variable = error.field == "proxyExceptions" ? .proxyExceptions : .proxy
                let name = variable.names.first { self.value($0) != nil } ?? variable.name
                throw OTPSettingsError(.invalid, name, problem: error.message, remedy: variable.remedy)
            }
        }
    }

    /// The AccessKey of the environment, or `nil` if no part of it is set.
    ///
    /// A partial AccessKey is an error, not a reason to search the rest of the credential chain.
    public var credential: AlibabaCredential? {
        get throws(OTPSettingsError) {
            let parts: [Variable] = [.accessKeyID, .accessKeySecret, .securityToken]
            guard parts.contains(where: { self.value($0) != nil }) else { return nil }
            do {
                return try EnvironmentCredentialProvider(environment: self.values).credential()
            } catch {
                let variable = parts.first { [$0.name, Self.field($0)].contains(error.field) } ?? .accessKeyID
                guard error.code != .missingCredential else { throw .missing(variable) }
                // The message asks for the value again, so no remedy follows.
                throw OTPSettingsError(.invalid, variable.name, problem: Self.problem(error))
            }
        }
    }

    /// Returns the name of a part of the credential in errors.
    private static func field(_ variable: Variable) -> String {
        switch variable {
        case .accessKeySecret: "accessKeySecret"
        case .securityToken: "securityToken"
        default: "accessKeyID"
        }
    }

    /// Returns whether other machines may be reached by `http:` for the gateway and STS.
    private func allowsPlaintextEndpoint() throws(OTPSettingsError) -> Bool {
        switch self.value(.allowPlaintext)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .invalid(.allowPlaintext, "it is neither true nor false")
        }
    }
}

extension OTPSettings {
    /// Creates the HTTP client, with the proxy of the environment.
    package func httpClient(
        _ gateway: AlibabaSMSConfiguration,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(OTPSettingsError) -> AlibabaHTTPClient {
        let proxy = try self.proxy
        do {
            return try AlibabaHTTPClient(gateway, proxy: proxy, eventLoopGroup: eventLoopGroup)
        } catch {
            throw Self.invalidGateway(error)
        }
    }

    /// Creates the client of the gateway.
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
            throw Self.invalidGateway(error)
        }
    }

    /// Returns the credential chain.
    ///
    /// - Parameters:
    ///   - gateway: The configuration of the gateway. Its setting for `http:` also applies to STS.
    ///   - httpClient: The HTTP connections.
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
            throw Self.invalidEndpoint(.stsEndpoint, error)
        }
        if let endpoint = self.value(.metadataEndpoint) {
            configuration.metadataEndpoint = endpoint
            do {
                _ = try RefreshingCredentialProvider.instanceRole(endpoint: endpoint, httpClient: httpClient)
            } catch {
                throw .invalid(.metadataEndpoint, Self.problem(error))
            }
        }
        return .default(configuration, httpClient: httpClient)
    }

    /// Returns the message of an error without the name of the field, which the variable replaces.
    private static func problem(_ error: AlibabaSMSError) -> String {
        guard let field = error.field, error.message.hasPrefix("\(field) ") else { return error.message }
        return "it\(error.message.dropFirst(field.count))"
    }

    private static func invalidGateway(_ error: AlibabaSMSError) -> OTPSettingsError {
        error.field == "senderID"
            ? .invalid(.senderID, self.problem(error)) : self.invalidEndpoint(.smsEndpoint, error)
    }

    /// Returns the error of an endpoint, with the setting that allows `http:`.
    private static func invalidEndpoint(_ variable: Variable, _ error: AlibabaSMSError) -> OTPSettingsError {
        let problem = self.problem(error)
        guard problem.contains("must be https:") else { return .invalid(variable, problem) }
        let name = Variable.allowPlaintext.name
        let remedy = "\(name)=true allows http:, for example to an emulator in a container"
        return OTPSettingsError(.invalid, variable.name, problem: problem, remedy: remedy)
    }
}
