// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTPEnvironment

/// Checks the source and the expiry of the credential, without printing any part of the credential.
struct CredentialExamination: Sendable {
    let settings: OTPSettings

    func finding() async -> Finding {
        do {
            if let credential = try self.settings.credential {
                return Finding("credentials", Self.text(credential, from: .environment))
            }
        } catch {
            return .fault("credentials", error)
        }
        let gateway = (try? self.settings.gateway) ?? AlibabaSMSConfiguration()
        let http: AlibabaHTTPClient
        do throws(OTPSettingsError) {
            // The check of the gateway reports an invalid endpoint.
            http = try self.settings.httpClient(gateway)
        } catch  where ["OTP_SMS_ENDPOINT", "OTP_SMS_SENDER_ID"].contains(error.variable) {
            return Finding("credentials", "not checked, because the gateway setting is invalid", .warn)
        } catch {
            return .fault("credentials", error)
        }
        let finding = await self.find(gateway, http)
        try? await http.shutdown()
        return finding
    }

    private func find(_ gateway: AlibabaSMSConfiguration, _ http: AlibabaHTTPClient) async -> Finding {
        let chain: DefaultCredentialProvider
        do {
            chain = try self.settings.credentialChain(for: gateway, http)
        } catch {
            return .fault("credentials", error)
        }
        do {
            let credential = try await chain.credential()
            return Finding("credentials", Self.text(credential, from: chain.source ?? .environment))
        } catch {
            let failure = CommandFailure(noCredential: error)
            guard failure.code == "credentialUnavailable" else { return .fault("credentials", failure) }
            return Finding("credentials", failure.message, .fail, remedy: "see Docs/Credentials.md")
        }
    }

    private static func text(_ credential: AlibabaCredential, from source: DefaultCredentialProvider.Source) -> String {
        let kind = credential.securityToken == nil ? "a permanent access key" : "a temporary access key"
        let end = credential.expiration.map { " until \($0.formatted(.iso8601))" } ?? ""
        return "\(kind)\(end), from: \(source)"
    }
}
