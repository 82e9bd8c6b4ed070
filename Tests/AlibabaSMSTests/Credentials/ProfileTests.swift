// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Foundation
import Testing

@testable import AlibabaSMS

/// Tests of both kinds of profile files with the emulator.
@Suite struct ProfileTests {
    /// Runs a closure with an emulator whose AccessKey can only assume roles.
    static func world<Result: Sendable>(_ body: (CredentialWorld) async throws -> Result) async throws -> Result {
        let user = RAMUser(name: "app", credential: try Fixture.credential(), policies: [.stsAssumeRoleAccess])
        return try await CredentialWorld.run(
            configure: { configuration in
                configuration.accessKeys = []
                configuration.users = [user]
                configuration.roles = [
                    RAMRole(name: "sender", policies: [.dysmsFullAccess]),
                    RAMRole(name: "relay", policies: [.stsAssumeRoleAccess]),
                ]
            },
            body
        )
    }

    static let key = #""access_key_id":" LTAI-test ","access_key_secret":"\#(Fixture.secret)""#

    /// The profiles of every supported mode, and the kind of the resulting credential: key, token or role.
    static let modes: [(profiles: String, kind: String)] = [
        (#"{"name":"p","mode":"AK",\#(key)}"#, "key"),
        (#"{"name":"p","mode":"StsToken",\#(key),"sts_token":"CAIS+t/=="}"#, "token"),
        (#"{"name":"p","mode":"RamRoleArn",\#(key),"ram_role_arn":"ROLE/sender","ram_session_name":"me"}"#, "role"),
        (
            #"{"name":"p","mode":"RamRoleArn",\#(key),"ram_role_arn":"ROLE/sender","expired_seconds":900,"external_id":"x","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"dysms:*\"}]}"}"#,
            "role"
        ),
        (#"{"name":"p","mode":"EcsRamRole","ram_role_name":"emulated"}"#, "role"),
        (#"{"name":"p","mode":"EcsRamRole"}"#, "role"),
        (
            #"{"name":"p","mode":"OIDC","ram_role_arn":"ROLE/sender","oidc_provider_arn":"acs:ram::1:oidc-provider/k","oidc_token_file":"TOKEN","role_session_name":"me"}"#,
            "role"
        ),
        (
            #"""
            {"name":"p","mode":"ChainableRamRoleArn","source_profile":"q","ram_role_arn":"ROLE/sender"},
            {"name":"q","mode":"ChainableRamRoleArn","source_profile":"r","ram_role_arn":"ROLE/relay"},
            {"name":"r","mode":"AK",\#(key)}
            """#, "role"
        ),
    ]

    @Test(arguments: modes)
    func everySupportedModeProvidesItsCredential(profiles: String, kind: String) async throws {
        try await Self.world { world in
            let token = try write(oidcToken(until: world.time.now + 600) + "\n", to: "token", in: world.home)
            let text = profiles.replacing("ROLE", with: "acs:ram::1234567890123456:role")
                .replacing("TOKEN", with: token)
            try write(#"{"current":"p","profiles":[\#(text)]}"#, to: ".aliyun/config.json", in: world.home)
            let provider = world.provider([:])
            let credential = try await provider.credential()
            #expect(provider.source == .cliProfile)
            switch kind {
            case "key": #expect(credential == (try Fixture.credential()))
            case "token": #expect(credential == (try Fixture.credential(token: "CAIS+t/==")))
            default:
                // `text` is not searched, because its random path can contain any digits.
                let lifetime = profiles.contains("900") ? 900.0 : 3600
                #expect(credential.expiration == world.time.now + lifetime)
                #expect(try await world.send(with: credential) == nil)
            }
        }
    }

    @Test(arguments: [
        (#"{"name":"p","mode":"CloudSSO"}"#, "the mode of the profile is not supported"),
        (#"{"name":"p","mode":"OAuth"}"#, "the mode of the profile is not supported"),
        (#"{"name":"p","mode":"External","process_command":"rm"}"#, "the mode of the profile is not supported"),
        (#"{"name":"p"}"#, "the mode of the profile is not supported"),
        (#"{"name":"p","mode":"AK"}"#, "accessKeyID is empty"),
        (
            #"{"name":"p","mode":"AK","access_key_id":"[LTAI]","access_key_secret":"s"}"#,
            "accessKeyID contains an invalid character"
        ),
        (#"{"name":"p","mode":"StsToken","access_key_id":"a","access_key_secret":"s"}"#, "lacks sts_token"),
        (
            #"{"name":"p","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"s"}"#,
            "ARN of the role is missing"
        ),
        (
            #"{"name":"p","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"s","ram_role_arn":"x"}"#,
            "roleARN must be"
        ),
        (#"{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"acs:ram::1:role/r"}"#, "lacks source_profile"),
        (
            #"{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"acs:ram::1:role/r","source_profile":"q"},{"name":"q","mode":"ChainableRamRoleArn","ram_role_arn":"acs:ram::1:role/r","source_profile":"p"}"#,
            "in a cycle"
        ),
        (#"{"name":"p","mode":"OIDC","ram_role_arn":"acs:ram::1:role/r"}"#, "oidcProviderARN is empty"),
        (
            #"{"name":"p","mode":"EcsRamRole","ram_role_name":"../../x"}"#,
            "name of the RAM role contains an invalid character"
        ),
        (#"{"name":"q","mode":"AK"}"#, "there is no profile of that name"),
        ("nonsense", "the file is not a JSON object"),
    ])
    func errorNamesTheMissingSettingOfAProfile(profiles: String, reason: String) async throws {
        try await Self.world { world in
            try write(#"{"current":"p","profiles":[\#(profiles)]}"#, to: ".aliyun/config.json", in: world.home)
            let source = CLIProfileSource(context: Self.context(world))
            let error = await #expect(throws: AlibabaSMSError.self) { try await source.fetch() }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
    }

    @Test func profileOfTheEnvironmentTakesPrecedence() async throws {
        try await Self.world { world in
            let profiles = #"{"name":"p","mode":"OAuth"},{"name":"q","mode":"AK",\#(Self.key)}"#
            try write(#"{"current":"p","profiles":[\#(profiles)]}"#, to: ".aliyun/config.json", in: world.home)
            let provider = world.provider(["ALIBABA_CLOUD_PROFILE": "q"])
            #expect(try await provider.credential() == (try Fixture.credential()))
        }
    }

    @Test func refreshedTokenInTheFileIsRead() async throws {
        try await Self.world { world in
            func writeToken(_ token: String) throws {
                let profile = #"{"name":"p","mode":"StsToken",\#(Self.key),"sts_token":"\#(token)"}"#
                try write(#"{"current":"p","profiles":[\#(profile)]}"#, to: ".aliyun/config.json", in: world.home)
            }
            try writeToken("old")
            let provider = world.provider([:])
            let old = try await provider.credential()
            try writeToken("new")
            #expect(try await provider.credential() == old)
            await provider.invalidate(old)
            #expect(try await provider.credential().securityToken == "new")
        }
    }

    @Test(arguments: [
        ("[default]\ntype=access_key\naccess_key_id=LTAI-test # mine\naccess_key_secret = SECRET\n", "key"),
        (
            "; note\n# note\n[other]\ntype = x\n\n[ default]\n[default]\nTYPE : access_key\nAccess_Key_ID : LTAI-test\naccess_key_secret=SECRET",
            "key"
        ),
        (
            "[default]\ntype = ram_role_arn\naccess_key_id = LTAI-test\naccess_key_secret = SECRET\nrole_arn = ROLE/sender\nrole_session_name = me",
            "role"
        ),
        (
            "[default]\ntype = oidc_role_arn\nrole_arn = ROLE/sender\noidc_provider_arn = acs:ram::1:oidc-provider/k\noidc_token_file_path = TOKEN",
            "role"
        ),
        ("[default]\ntype = ecs_ram_role\nrole_name = emulated", "role"),
        ("[default]\ntype = ecs_ram_role", "role"),
    ])
    func everySupportedINITypeProvidesItsCredential(text: String, kind: String) async throws {
        try await Self.world { world in
            let token = try write(oidcToken(until: world.time.now + 600), to: "token", in: world.home)
            let text = text.replacing("ROLE", with: "acs:ram::1234567890123456:role").replacing("TOKEN", with: token)
                .replacing("SECRET", with: Fixture.secret)
            let path = try write(text, to: "keys.ini", in: world.home)
            let provider = world.provider(["ALIBABA_CLOUD_CREDENTIALS_FILE": path])
            let credential = try await provider.credential()
            #expect(provider.source == .iniProfile)
            if kind == "key" {
                #expect(credential == (try Fixture.credential()))
            } else {
                #expect(credential.expiration == world.time.now + 3600)
                #expect(try await world.send(with: credential) == nil)
            }
        }
    }

    @Test(arguments: [
        ("[default]\ntype = rsa_key_pair", "the type of the profile is not supported"),
        ("[default]\n", "the type of the profile is not supported"),
        ("[other]\ntype = access_key", "there is no profile of that name"),
        ("type = access_key", "there is no profile of that name"),
        ("nonsense", "line 1 of the file is neither"),
        ("[default]\n\nnonsense", "line 3 of the file is neither"),
        ("[default]\ntype = access_key\naccess_key_id = a", "accessKeySecret is empty"),
    ])
    func errorNamesTheMissingSettingOfAnINIProfile(text: String, reason: String) async throws {
        try await Self.world { world in
            try write(text, to: ".alibabacloud/credentials.ini", in: world.home)
            let source = INIProfileSource(context: Self.context(world))
            let error = await #expect(throws: AlibabaSMSError.self) { try await source.fetch() }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
    }

    @Test func sectionOfTheEnvironmentIsUsed() async throws {
        try await Self.world { world in
            let text = "[mine]\ntype = access_key\naccess_key_id = LTAI-test\naccess_key_secret = \(Fixture.secret)"
            try write(text, to: ".alibabacloud/credentials.ini", in: world.home)
            let provider = world.provider(["ALIBABA_CLOUD_PROFILE": "mine"])
            #expect(try await provider.credential() == (try Fixture.credential()))
        }
    }

    @Test func onlyRegularFilesAreRead() async throws {
        try await Self.world { world in
            #expect(throws: AlibabaSMSError.self) { try CredentialFile("/dev/zero", what: "the file").text() }
            #expect(throws: AlibabaSMSError.self) { try CredentialFile(world.home, what: "the file").text() }
            let pipe = world.home + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(throws: AlibabaSMSError.self) { try CredentialFile(pipe, what: "the file").text() }
            // Kubernetes mounts a token as a chain of symbolic links.
            let target = try write("token", to: "data/token", in: world.home)
            try FileManager.default.createSymbolicLink(atPath: world.home + "/one", withDestinationPath: target)
            try FileManager.default.createSymbolicLink(atPath: world.home + "/two", withDestinationPath: "one")
            #expect(try CredentialFile(world.home + "/two", what: "the file").text() == "token")
            let big = try write(String(repeating: "x", count: 1_100_000), to: "big", in: world.home)
            #expect(throws: AlibabaSMSError.self) { try CredentialFile(big, what: "the file").text() }
            // The content of this file would fill the memory.
            #expect(truncate(big, 1 << 40) == 0)
            let error = #expect(throws: AlibabaSMSError.self) { try CredentialFile(big, what: "the file").text() }
            #expect(error?.message.contains("larger than 1 MiB") == true)
        }
    }

    private static func context(_ world: CredentialWorld) -> CredentialContext {
        CredentialContext(
            .init(environment: ["HOME": world.home], metadataEndpoint: world.emulator.baseURL),
            httpClient: world.httpClient
        )
    }
}
