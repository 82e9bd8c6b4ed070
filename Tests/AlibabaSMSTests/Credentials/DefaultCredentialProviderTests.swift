// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AlibabaSMSTesting
import Foundation
import SMSKit
import Testing

/// Tests of the default chain with the emulator, over real HTTP.
@Suite struct DefaultCredentialProviderTests {
    static let cliProfile = """
        {"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"LTAI-test","access_key_secret":"\(Fixture.secret)"}]}
        """
    static let iniProfile = """
        [default]
        type = access_key
        access_key_id = LTAI-test
        access_key_secret = \(Fixture.secret)
        """

    @Test func sourcesAreSearchedInTheDocumentedOrder() async throws {
        try await CredentialWorld.run { world in
            let token = try write(oidcToken(until: world.time.now + 600), to: "token", in: world.home)
            try write(Self.cliProfile, to: ".aliyun/config.json", in: world.home)
            try write(Self.iniProfile, to: ".alibabacloud/credentials.ini", in: world.home)
            var environment = world.oidcEnvironment(tokenFile: token)
            environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAI-test"
            environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = Fixture.secret
            environment["ALIBABA_CLOUD_CREDENTIALS_URI"] = world.emulator.credentialsURI

            // Each step removes the first of the remaining sources.
            let removals: [(DefaultCredentialProvider.Source, (inout [String: String]) throws -> Void)] = [
                (.environment, { $0["ALIBABA_CLOUD_ACCESS_KEY_ID"] = nil }),
                (.oidcRole, { $0["ALIBABA_CLOUD_ROLE_ARN"] = nil }),
                (.cliProfile, { $0["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] = "true" }),
                (.iniProfile, { $0["ALIBABA_CLOUD_CREDENTIALS_FILE"] = "\(world.home)/none.ini" }),
                (.instanceRole, { $0["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "TRUE" }),
                (.credentialsURI, { $0["ALIBABA_CLOUD_CREDENTIALS_URI"] = nil }),
            ]
            #expect(removals.map(\.0) == DefaultCredentialProvider.Source.all)
            for (source, remove) in removals {
                let provider = world.provider(environment)
                #expect(provider.source == nil)
                let credential = try await provider.credential()
                #expect(provider.source == source)
                #expect(try await world.send(with: credential) == nil, "\(source)")
                let isTemporary = [.oidcRole, .instanceRole, .credentialsURI].contains(source)
                #expect((credential.expiration != nil) == isTemporary)
                try remove(&environment)
            }
            let provider = world.provider(environment)
            let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
            #expect(error?.code == .missingCredential)
        }
    }

    @Test func errorContainsTheReasonOfEachSourceAndNoSecret() async throws {
        try await CredentialWorld.run(configure: { $0.allowsFirstMetadataVersion = false }) { world in
            let token = try write("not a token: top-secret", to: "token", in: world.home)
            try write(
                #"{"current":"p","profiles":[{"name":"p","mode":"OAuth"}]}"#,
                to: ".aliyun/config.json",
                in: world.home
            )
            try write("[default]\ntype = rsa_key_pair", to: ".alibabacloud/credentials.ini", in: world.home)
            var environment = world.oidcEnvironment(tokenFile: token)
            environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAI-test"
            environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "<top-secret>"
            environment["ALIBABA_CLOUD_CREDENTIALS_URI"] = "\(world.emulator.baseURL)/nowhere?top-secret"
            environment["ALIBABA_CLOUD_ECS_METADATA"] = "another-role"
            let provider = world.provider(environment)
            let error = await #expect(throws: AlibabaSMSError.self) { try await provider.credential() }
            let text = try #require(error?.message)
            #expect(error?.code == .credentialUnavailable)
            let reasons = [
                "environment: ALIBABA_CLOUD_ACCESS_KEY_SECRET contains an invalid character",
                "OIDC role: the OIDC token file does not contain exactly one token",
                "CLI profile: the mode of the profile is not supported; supported are AK, StsToken",
                "INI profile: the type of the profile is not supported; supported are access_key",
                "ECS RAM role: the metadata service returned HTTP 404",
                "credentials URI: the credentials URI returned HTTP 404",
            ]
            for reason in reasons { #expect(text.contains(reason), "\(text)") }
            #expect(!text.contains("top-secret"))
        }
    }

    @Test func sixtyFourCallersRefreshARoleWithOneRequest() async throws {
        try await CredentialWorld.run { world in
            let path = try write(oidcToken(until: world.time.now + 600), to: "token", in: world.home)
            let provider = world.provider(world.oidcEnvironment(tokenFile: path))
            func ask() async throws -> Set<AlibabaCredential> {
                try await withThrowingTaskGroup(of: AlibabaCredential.self) { group in
                    for _ in 0..<64 { group.addTask { try await provider.credential() } }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
            }
            let first = try await ask()
            #expect(first.count == 1)
            #expect(world.emulator.issuedCredentialCount == 1)
            world.time.advance(by: 2699)
            #expect(try await ask() == first)
            #expect(world.emulator.issuedCredentialCount == 1)

            // The first token has expired, so the second request must read the new file.
            try write(oidcToken(until: world.time.now + 600), to: "token", in: world.home)
            world.time.advance(by: 1)
            _ = try await ask()
            #expect(try await eventually { try await provider.credential() != first.first })
            #expect(world.emulator.issuedCredentialCount == 2)
            let second = try await ask()
            #expect(second.count == 1)
            #expect(try await world.send(with: try #require(second.first)) == nil)
            #expect(world.emulator.issuedCredentialCount == 2)
        }
    }

    @Test func sourceWithACredentialIsKept() async throws {
        try await CredentialWorld.run { world in
            let provider = world.provider(["ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"])
            let first = try await provider.credential()
            #expect(provider.source == .instanceRole)
            // A source that appears later is ignored, even if it has a higher priority.
            try write(Self.iniProfile, to: ".alibabacloud/credentials.ini", in: world.home)
            await provider.invalidate(first)
            #expect(try await provider.credential() != first)
            #expect(provider.source == .instanceRole)
            #expect("\(provider)".contains("ECS RAM role"))
        }
    }

    @Test func expiredKeyIsFetchedAgain() async throws {
        try await CredentialWorld.run { world in
            let provider = world.provider([:])
            let first = try await provider.credential()
            #expect(try await world.send(with: first) == nil)
            world.time.advance(by: 3601)
            #expect(try await world.send(with: first) == "InvalidSecurityToken.Expired")
            await provider.invalidate(first)
            #expect(try await world.send(with: try await provider.credential()) == nil)
        }
    }

    @Test func sixtyFourSendersWithARejectedKeyFetchOneNewKey() async throws {
        try await CredentialWorld.run { world in
            // By the provider's clock, the credential never expires. Only the gateway rejects it.
            let start = world.time.now
            let provider = DefaultCredentialProvider(
                configuration: .init(
                    environment: ["HOME": world.home],
                    metadataEndpoint: world.emulator.baseURL,
                    metadataTimeout: .seconds(20),
                    now: { start }
                ),
                httpClient: world.httpClient
            )
            let client = try AlibabaSMSClient(
                configuration: .init(endpoint: world.emulator.baseURL),
                credentials: provider,
                httpClient: world.httpClient,
                ownsHTTPClient: false,
                now: world.time.read
            )
            _ = try await provider.credential()
            world.time.advance(by: 3601)
            let message = try Fixture.message()
            let outcomes = await withTaskGroup(of: SMSSendOutcome.self) { group in
                for _ in 0..<64 { group.addTask { await client.send(message, timeout: .seconds(20)) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.compactMap(\.error).isEmpty)
            #expect(await world.emulator.inbox.messages().count == 64)
            #expect(world.emulator.issuedCredentialCount == 2)
        }
    }

    @Test(arguments: DefaultCredentialProvider.Source.all)
    func everySourcePassesTheConformanceSuite(source: DefaultCredentialProvider.Source) async throws {
        try await CredentialWorld.run { world in
            let token = try write(oidcToken(until: world.time.now + 100_000), to: "token", in: world.home)
            let provider: DefaultCredentialProvider
            switch source {
            case .environment:
                provider = world.provider([
                    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Fixture.secret,
                ])
            case .oidcRole: provider = world.provider(world.oidcEnvironment(tokenFile: token))
            case .cliProfile:
                try write(Self.cliProfile, to: ".aliyun/config.json", in: world.home)
                provider = world.provider([:])
            case .iniProfile:
                try write(Self.iniProfile, to: ".alibabacloud/credentials.ini", in: world.home)
                provider = world.provider([:])
            case .instanceRole: provider = world.provider([:])
            default:
                let uri = ["ALIBABA_CLOUD_CREDENTIALS_URI": world.emulator.credentialsURI]
                provider = world.provider(uri, hasMetadata: false)
            }
            let isTemporary = try await provider.credential().expiration != nil
            let emulator = world.emulator
            let time = world.time
            let fetchCount: @Sendable () async -> Int = { emulator.issuedCredentialCount }
            try await CredentialProviderConformance(
                provider: provider,
                fetchCount: isTemporary ? fetchCount : nil,
                now: time.read,
                advance: { time.advance(by: Double($0.components.seconds)) }
            )
            .run()
            #expect(provider.source == source)
        }
    }

    @Test func singleProvidersPassTheConformanceSuite() async throws {
        try await CredentialProviderConformance(provider: .static(try Fixture.credential())).run()
        let variables = ["ALIBABA_CLOUD_ACCESS_KEY_ID": "a", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret-of-it"]
        try await CredentialProviderConformance(provider: .environment(variables)).run()
        try await CredentialWorld.run { world in
            let provider: some CredentialProvider = try RefreshingCredentialProvider.assumedRole(
                AssumedRole(arn: CredentialWorld.role),
                with: .static(try Fixture.credential()),
                stsEndpoint: world.emulator.baseURL,
                httpClient: world.httpClient,
                now: world.time.read
            )
            let emulator = world.emulator
            let time = world.time
            try await CredentialProviderConformance(
                provider: provider,
                fetchCount: { emulator.issuedCredentialCount },
                now: time.read,
                advance: { time.advance(by: Double($0.components.seconds)) }
            )
            .run()
            #expect(try await world.send(with: try await provider.credential()) == nil)
        }
    }
}
