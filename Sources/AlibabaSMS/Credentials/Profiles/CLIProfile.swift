// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The profile file of Alibaba's CLI, usually `~/.aliyun/config.json`.
struct CLIProfileFile: Sendable {
    private let json: JSON

    /// Parses the text of the file.
    init(text: String) throws(AlibabaSMSError) {
        // Duplicate members are allowed, and the last one is used, as in Alibaba's CLI.
        guard let json = try? JSON(parsing: text.utf8, rules: .externalFormat), json.object != nil else {
            throw .unavailable("profile", "the file is not a JSON object of profiles")
        }
        self.json = json
    }

    /// The name of the current profile.
    var current: String? { self.json["current"]?.string }

    /// Returns the profile with the given name.
    ///
    /// Errors in other profiles are ignored.
    func profile(_ name: String) throws(AlibabaSMSError) -> CLIProfile {
        guard let profile = self.json["profiles"]?.array?.first(where: { $0["name"]?.string == name }) else {
            throw .missing("profile", "there is no profile of that name")
        }
        do {
            return try profile.decode(CLIProfile.self)
        } catch {
            let path = (error as? DecodingError)?.fieldName ?? "a field"
            throw .unavailable("profile", "\(path) of the profile has another type than expected")
        }
    }
}

extension DecodingError {
    /// The name of the invalid field.
    fileprivate var fieldName: String? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.last?.stringValue
        case .keyNotFound(let key, _): key.stringValue
        @unknown default: nil
        }
    }
}

/// A profile of Alibaba's CLI, with a mode such as `AK` or `OIDC`, and the settings of this mode.
struct CLIProfile: Decodable, Sendable {
    let name: String?
    let mode: String?
    let accessKeyID: String?
    let accessKeySecret: String?
    let stsToken: String?
    let roleARN: String?
    /// The session name for modes that assume a role with an AccessKey.
    let sessionName: String?
    /// The session name for the mode that assumes a role with an OIDC token.
    let oidcSessionName: String?
    let roleName: String?
    let lifetime: Int?
    let policy: String?
    let externalID: String?
    let stsRegion: String?
    let usesVPC: Bool?
    let oidcProviderARN: String?
    let oidcTokenFile: String?
    let sourceProfile: String?

    private enum CodingKeys: String, CodingKey {
        case name, mode, policy
        case accessKeyID = "access_key_id"
        case accessKeySecret = "access_key_secret"
        case stsToken = "sts_token"
        case roleARN = "ram_role_arn"
        case sessionName = "ram_session_name"
        case oidcSessionName = "role_session_name"
        case roleName = "ram_role_name"
        case lifetime = "expired_seconds"
        case externalID = "external_id"
        case stsRegion = "sts_region"
        case usesVPC = "enable_vpc"
        case oidcProviderARN = "oidc_provider_arn"
        case oidcTokenFile = "oidc_token_file"
        case sourceProfile = "source_profile"
    }
}
