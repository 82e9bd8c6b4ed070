// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import TextFormats

extension AccountFile {
    /// A user in an account file.
    struct UserEntry: Decodable {
        var name: String
        var credential: AlibabaCredential
        var policies: [String]
        var isActive: Bool

        init(from decoder: any Decoder) throws {
            let fields = ["name", "accessKeyId", "accessKeySecret", "securityToken", "policies", "active"]
            let object = try StrictObject(decoder, fields: fields)
            self.name = try object.requireText("name", 1...64)
            self.policies = try object.decode([String].self, "policies") ?? []
            self.isActive = try object.decode(Bool.self, "active") ?? true
            let id = try object.requireText("accessKeyId", 1...128)
            let secret = try object.requireText("accessKeySecret", 1...256)
            let token = try object.text("securityToken", 1...4096)
            do {
                self.credential = try AlibabaCredential(
                    accessKeyID: id,
                    accessKeySecret: secret,
                    securityToken: token
                )
            } catch {
                let names = ["accessKeyID": "accessKeyId"]
                let field = error.field ?? "accessKeyId"
                throw object.error(names[field] ?? field, "contains invalid characters")
            }
        }
    }

    /// A role in an account file.
    struct RoleEntry: Decodable {
        var name: String
        var policies: [String]

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, fields: ["name", "policies"])
            self.name = try object.requireText("name", 1...64)
            self.policies = try object.decode([String].self, "policies") ?? []
        }
    }

    /// A template in an account file.
    struct TemplateEntry: Decodable {
        var template: SMSTemplate

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, fields: ["code", "content"])
            let code = try object.requireText("code", 5...64)
            guard SendRules.isTemplateCode(code) else {
                throw object.error("code", "is not SMS_ with letters, digits and _")
            }
            self.template = SMSTemplate(code: code, content: try object.text("content", 1...4000))
        }
    }

    /// A policy document of Resource Access Management (RAM), which must not contain unknown members.
    struct PolicyEntry: Decodable {
        struct Statement: Decodable {
            var allows: Bool
            var actions: [String]

            init(from decoder: any Decoder) throws {
                // The emulator does not evaluate conditions. Without its condition, a statement would grant too much, so a
                // document with a condition is rejected.
                let object = try StrictObject(decoder, fields: ["Effect", "Action", "Resource"])
                switch try object.require(String.self, "Effect") {
                case "Allow": self.allows = true
                case "Deny": self.allows = false
                default: throw object.error("Effect", "must be Allow or Deny")
                }
                if let action = try? object.decode(String.self, "Action") {
                    self.actions = [action]
                } else {
                    self.actions = try object.require([String].self, "Action")
                }
            }
        }

        var statements: [Statement]

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, fields: ["Version", "Statement"])
            if let version = try object.decode(String.self, "Version"), version != "1" {
                throw object.error("Version", "must be \"1\"")
            }
            self.statements = try object.require([Statement].self, "Statement")
        }

        func policy(named name: String) -> AccessPolicy {
            AccessPolicy(
                name: name,
                allowedActions: self.statements.filter(\.allows).flatMap(\.actions),
                deniedActions: self.statements.filter { !$0.allows }.flatMap(\.actions)
            )
        }
    }

    /// An amount of money, as a number or a string, such as `0.045` or `"0.045"`.
    struct Amount: Decodable {
        var micros: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let number =
                try (try? container.decode(String.self)).map { Double(decimal: $0) } ?? container.decode(Double.self)
            guard let number, (0...1e9).contains(number), case let micros = (number * 1_000_000).rounded(),
                abs(number * 1_000_000 - micros) < 0.001
            else {
                let message = "must be 0 to 1000000000 with at most six decimals"
                throw DecodingError.dataCorruptedError(in: container, debugDescription: message)
            }
            self.micros = Int(micros)
        }
    }
}

extension StrictObject {
    func requireText(_ name: String, _ length: ClosedRange<Int>) throws -> String {
        guard let text = try self.text(name, length) else { throw self.error(name, "is missing") }
        return text
    }
}
