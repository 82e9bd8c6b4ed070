// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AlibabaSMS

/// Tests of the paths and formats of credential files that Alibaba's SDKs read.
@Suite struct CredentialFileTests {
    static let section = """
        [default]
        type = access_key
        access_key_id = LTAI-test
        access_key_secret = \(Fixture.secret)
        """
    static let profiles =
        #"{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"LTAI-test","access_key_secret":"\#(Fixture.secret)"}]}"#

    static func credential(
        _ files: [String: String],
        _ environment: [String: String] = [:]
    ) async throws -> AlibabaCredential {
        try await withFolder { home in
            try await withHTTPClient { http in
                var environment = environment.mapValues { $0.replacing("HOME", with: home) }
                environment["HOME"] = home
                environment["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
                for (name, text) in files { try write(text, to: name, in: home) }
                return try await DefaultCredentialProvider(
                    configuration: .init(environment: environment),
                    httpClient: http
                )
                .credential()
            }
        }
    }

    @Test(
        "Each default file of an SDK is read",
        arguments: [
            ".alibabacloud/credentials", ".alibabacloud/credentials.ini", ".aliyun/credentials.ini",
        ]
    )
    func defaultFiles(_ name: String) async throws {
        #expect(try await Self.credential([name: Self.section]) == Fixture.credential())
        #expect(try await Self.credential([name: "\u{FEFF}" + Self.section]) == Fixture.credential())
    }

    @Test("A profile is read from the first default file that contains it")
    func order() async throws {
        let other = "[other]\ntype = access_key\naccess_key_id = wrong\naccess_key_secret = wrong"
        let wrong = Self.section.replacing("LTAI-test", with: "wrong")
        for files in [
            [".alibabacloud/credentials.ini": Self.section, ".alibabacloud/credentials": wrong],
            [".alibabacloud/credentials.ini": other, ".alibabacloud/credentials": Self.section],
            [".alibabacloud/credentials.ini": Self.section, ".aliyun/credentials.ini": wrong],
            [".alibabacloud/credentials": "", ".aliyun/credentials.ini": Self.section],
            [".aliyun/config.json": Self.profiles, ".alibabacloud/credentials": wrong],
        ] {
            #expect(try await Self.credential(files) == Fixture.credential(), "\(files.keys.sorted())")
        }
    }

    @Test(
        "The variables name other files and profiles",
        arguments: [
            (["my.json": profiles], ["ALIBABA_CLOUD_CONFIG_FILE": "HOME/my.json"]),
            (["my.json": "\u{FEFF}" + profiles], ["ALIBABA_CLOUD_CONFIG_FILE": "HOME/my.json"]),
            (["my.ini": section], ["ALIBABA_CLOUD_CREDENTIALS_FILE": "HOME/my.ini"]),
            (
                ["my.json": profiles, ".aliyun/config.json": "nonsense"],
                ["ALIBABA_CLOUD_CONFIG_FILE": "HOME/my.json", "ALIBABA_CLOUD_PROFILE": "p"]
            ),
            (
                ["my.ini": section.replacing("default", with: "q"), ".alibabacloud/credentials": "[q]\ntype = x"],
                ["ALIBABA_CLOUD_CREDENTIALS_FILE": "HOME/my.ini", "ALIBABA_CLOUD_PROFILE": "q"]
            ),
            (
                [
                    ".aliyun/config.json": profiles,
                    ".alibabacloud/credentials": section.replacing("default", with: "q"),
                ],
                ["ALIBABA_CLOUD_PROFILE": "q"]
            ),
            ([".aliyun/config.json": profiles], ["ALIBABA_CLOUD_CONFIG_FILE": "", "ALIBABA_CLOUD_PROFILE": ""]),
        ] as [([String: String], [String: String])]
    )
    func variables(_ files: [String: String], _ environment: [String: String]) async throws {
        #expect(try await Self.credential(files, environment) == Fixture.credential())
    }

    @Test(
        "INI files are read in every form that an SDK reads",
        arguments: [
            "\u{FEFF}[default]\r\ntype = access_key\r\naccess_key_id = LTAI-test\r\naccess_key_secret = SECRET\r\n",
            "[default]\nenable = true\ntype = access_key\naccess_key_id = LTAI-test\naccess_key_secret = SECRET",
            "[default] ; mine\ntype=\"access_key\"\naccess_key_id='LTAI-test' # mine\naccess_key_secret = \"SECRET\" ; x",
            "[DEFAULT]\n  type : access_key\n\taccess_key_id=LTAI-test\t; mine\naccess_key_secret=SECRET # x",
            "[ default ]\ntype = access_key ; mine\naccess_key_id = LTAI-test ;\naccess_key_secret = SECRET ;;",
            "; a\n# b\n[x]\nenable = false\n[default]\ntype = access_key\naccess_key_id = old\naccess_key_id = LTAI-test\naccess_key_secret = SECRET",
        ]
    )
    func forms(_ text: String) async throws {
        let text = text.replacing("SECRET", with: Fixture.secret)
        #expect(try await Self.credential([".alibabacloud/credentials": text]) == Fixture.credential())
    }

    @Test(
        "Values lose their comments and quotes, and nothing else",
        arguments: [
            ("a;b", "a;b"), ("a ;b", "a"), ("a#b", "a"), ("\"a#b;c\"", "a#b;c"), ("'a # b'", "a # b"), ("\"a", "\"a"),
            ("\"a\" b", "\"a\" b"), ("\"\"", ""), ("", ""), ("a=b:c", "a=b:c"), ("; x", ""), ("'a\"b'", "a\"b"),
            ("acs:ram::1:role/r", "acs:ram::1:role/r"), (#"{"Version":"1"}"#, #"{"Version":"1"}"#),
        ]
    )
    func values(_ text: String, _ value: String) throws {
        #expect(try INIFile(text: "[s]\nkey = \(text)")["s"]?["key"] == value)
    }

    @Test(
        "A value goes on after a backslash and in indented lines",
        arguments: [
            ("key = one\\\n  two", "onetwo"), ("key = one\\\n two\\\n\tthree\nother = x", "onetwothree"),
            ("key = a\\\nb = c", "ab = c"), ("key = a\\", "a"), ("key = \"a\\\"\nb = c", "a\\"),
            ("key = a # b\\\nb = c", "a"), ("key = one\n  two", "one\ntwo"),
            ("key = one\n  two\n\tthree", "one\ntwo\nthree"),
            ("key = one\n# x\n\n  two\n  ; y", "one\ntwo"), ("key = one\n  other = two", "one"),
            ("  key = one\n  other : two", "one"),
            ("key =\n  two", "\ntwo"), ("key = one\n  [t]\n  key = two", "one"),
            ("key = one\n  [t] ; x\nkey = two", "one"),
            (
                "key = {\n  \"Statement\": [\n    {\"Action\": \"dysms:*\"}\n  ]\n  }",
                "{\n\"Statement\": [\n{\"Action\": \"dysms:*\"}\n]\n}"
            ),
        ]
    )
    func continuations(_ text: String, _ value: String) throws {
        #expect(try INIFile(text: "[s]\n\(text)")["s"]?["key"] == value)
    }

    @Test(
        "Keys before the first section belong to none",
        arguments: ["type = ecs_ram_role\n", "a = b\\\nc\n", "a = b\n  c\n", "[default]\nenable=true\n"]
    )
    func keysBeforeSections(_ text: String) async throws {
        #expect(try await Self.credential([".alibabacloud/credentials": text + Self.section]) == Fixture.credential())
        #expect(try INIFile(text: text + "[x]\nd = e")["x"] == ["d": "e"])
    }

    @Test("An invalid default file does not hide later files, and is named if no file contains the profile")
    func brokenFile() async throws {
        for broken in ["nonsense", "[default]\nnonsense", "[default]\ntype = access_key\n= \nx"] {
            let files = [".alibabacloud/credentials.ini": broken, ".alibabacloud/credentials": Self.section]
            #expect(try await Self.credential(files) == Fixture.credential())
            for later in ["[other]", "nonsense\n\nmore"] {
                let error = await #expect(throws: AlibabaSMSError.self) {
                    try await Self.credential([
                        ".alibabacloud/credentials.ini": broken, ".alibabacloud/credentials": later,
                    ])
                }
                let line = broken.split(separator: "\n").count
                #expect(error?.message.contains("line \(line) of the file is neither") == true)
            }
            let error = await #expect(throws: AlibabaSMSError.self) {
                try await Self.credential(
                    ["my.ini": broken, ".alibabacloud/credentials": Self.section],
                    ["ALIBABA_CLOUD_CREDENTIALS_FILE": "HOME/my.ini"]
                )
            }
            #expect(error?.message.contains("of the file is neither") == true)
        }
    }

    @Test("A disabled section is ignored", arguments: ["false", "False", "0", "no", "off"])
    func disabled(_ value: String) throws {
        #expect(try INIFile(text: "[default]\ntype = access_key\nenable = \(value)")["default"] == nil)
    }

    @Test("The type sts is a temporary credential, and a role can set its lifetime")
    func types() async throws {
        let text = Self.section.replacing("access_key\n", with: "sts\n")
        let token = try await Self.credential([".alibabacloud/credentials": text + "\nsecurity_token = CAIS+t/=="])
        #expect(try token == Fixture.credential(token: "CAIS+t/=="))
        let error = await #expect(throws: AlibabaSMSError.self) {
            try await Self.credential([".alibabacloud/credentials": text])
        }
        #expect(error?.message.contains("the profile lacks security_token") == true)
        let role = Self.section.replacing("access_key\n", with: "ram_role_arn\n") + "\nrole_arn = acs:ram::1:role/r"
        for lifetime in ["1h", "-", "900.5"] {
            let error = await #expect(throws: AlibabaSMSError.self) {
                try await Self.credential(
                    [".alibabacloud/credentials": role + "\nrole_session_expiration = \(lifetime)"]
                )
            }
            #expect(error?.message.contains("not a number of seconds") == true)
        }
    }

    @Test("An error in another CLI profile has no effect")
    func otherProfiles() async throws {
        let files = [
            ".aliyun/config.json":
                #"{"meta_path":[[]],"current":"p","profiles":[{"name":"x","expired_seconds":"no"},7,\#(Self.profiles.dropFirst(27))"#
        ]
        #expect(try await Self.credential(files) == Fixture.credential())
        let wrong = #"{"current":"p","profiles":[{"name":"p","mode":"AK","expired_seconds":"no"}]}"#
        let error = await #expect(throws: AlibabaSMSError.self) {
            try await Self.credential([".aliyun/config.json": wrong])
        }
        #expect(error?.message.contains("expired_seconds of the profile has another type") == true)
    }

    @Test("A byte order mark before a token is ignored")
    func token() async throws {
        try await withFolder { folder in
            let path = try write("\u{FEFF}abc\n", to: "token", in: folder)
            #expect(try CredentialFile(path, what: "the file").text() == "abc\n")
        }
    }
}
