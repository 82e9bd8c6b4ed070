// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Testing

@Suite struct CredentialTests {
    @Test func whiteSpaceOfPastedKeysIsTrimmed() throws {
        let credential = try AlibabaCredential(
            accessKeyID: " LTAI-1\n",
            accessKeySecret: "\ts.e_c-1\r\n",
            securityToken: " a+/=\n"
        )
        #expect(credential.accessKeyID == "LTAI-1")
        #expect(credential.accessKeySecret == "s.e_c-1")
        #expect(credential.securityToken == "a+/=")
    }

    @Test func emptyTokenMeansNone() throws {
        #expect(try AlibabaCredential(accessKeyID: "a", accessKeySecret: "b", securityToken: " ").securityToken == nil)
    }

    @Test(arguments: ["", "  ", "<LTAI>", "a b", "a\nb", "a+b", "ключ", "a\u{0}"])
    func invalidPartsAreRejectedWithoutBeingQuoted(part: String) {
        let asID = #expect(throws: AlibabaSMSError.self) {
            try AlibabaCredential(accessKeyID: part, accessKeySecret: "x")
        }
        #expect(asID?.field == "accessKeyID")
        let asSecret = #expect(throws: AlibabaSMSError.self) {
            try AlibabaCredential(accessKeyID: "x", accessKeySecret: part)
        }
        #expect(asSecret?.field == "accessKeySecret")
        if part.count > 1, part != "  " { #expect(asSecret.map { "\($0)".contains(part) } == false) }
    }

    @Test func environmentVariablesAreRead() throws {
        let provider = EnvironmentCredentialProvider(environment: [
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
            "ALIBABA_CLOUD_SECURITY_TOKEN": "token==",
        ])
        let credential = try provider.credential()
        #expect(
            credential
                == (try AlibabaCredential(accessKeyID: "id", accessKeySecret: "secret", securityToken: "token=="))
        )
    }

    @Test func missingVariableIsNamed() {
        let error = #expect(throws: AlibabaSMSError.self) {
            try EnvironmentCredentialProvider(environment: ["ALIBABA_CLOUD_ACCESS_KEY_ID": "id"]).credential()
        }
        #expect(error?.code == .missingCredential)
        #expect(error?.field == "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    }

    @Test(arguments: [
        "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
    ])
    func variableWithAnInvalidValueIsNamed(_ name: String) {
        var environment = ["ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret"]
        environment[name] = "pasted wrong"
        let error = #expect(throws: AlibabaSMSError.self) {
            try EnvironmentCredentialProvider(environment: environment).credential()
        }
        #expect(error?.code == .invalidCredential)
        #expect(error?.field == name)
        #expect(error?.message.contains(name) == true)
        #expect(error.map { "\($0)".contains("pasted") } == false)
    }
}
