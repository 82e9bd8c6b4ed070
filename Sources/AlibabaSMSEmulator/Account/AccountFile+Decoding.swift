// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import SMSKit

extension AccountFile {
    /// The decoded content of an account file, in which users and roles refer to policies by name.
    struct Entries: Decodable {
        private static let fields = [
            "policies", "users", "roles", "instanceRole", "signatures", "templates", "senderIds", "prices", "balance",
            "messagesPerNumberAndDay", "requestsPerSecond",
        ]

        private static let builtInPolicies: [AccessPolicy] = [
            .administratorAccess, .dysmsFullAccess, .dysmsReadOnlyAccess, .stsAssumeRoleAccess,
        ]

        private let object: StrictObject
        private let policies: [String: AccessPolicy]
        private let users: [UserEntry]
        private let roles: [RoleEntry]
        private let settings: AccountSettings

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, fields: Self.fields)
            self.object = object
            var policies: [String: AccessPolicy] = [:]
            for policy in Self.builtInPolicies { policies[policy.name] = policy }
            for (name, entry) in try object.decode([String: PolicyEntry].self, "policies") ?? [:] {
                guard policies.updateValue(entry.policy(named: name), forKey: name) == nil else {
                    throw object.error("policies.\(name)", "has the name of a built-in policy")
                }
            }
            self.policies = policies
            self.users = try object.decode([UserEntry].self, "users") ?? []
            self.roles = try object.decode([RoleEntry].self, "roles") ?? []
            self.settings = try Self.settings(object)
            try self.checkNames()
        }

        /// Returns the account, with policy names replaced by policies.
        func account() throws -> AccountFile {
            let users = try self.users.enumerated()
                .map { index, entry in
                    RAMUser(
                        name: entry.name,
                        credential: entry.credential,
                        policies: try self.policies(entry.policies, of: "users[\(index)]"),
                        isActive: entry.isActive
                    )
                }
            let roles = try self.roles.enumerated()
                .map { index, entry in
                    RAMRole(name: entry.name, policies: try self.policies(entry.policies, of: "roles[\(index)]"))
                }
            let instanceRole = try self.object.text("instanceRole", 1...64)
                .map { name in
                    guard let role = roles.first(where: { $0.name == name }) else {
                        throw self.object.error("instanceRole", "is not in the list of roles")
                    }
                    return role
                }
            return AccountFile(users: users, roles: roles, instanceRole: instanceRole, settings: self.settings)
        }

        private func policies(_ names: [String], of owner: String) throws -> [AccessPolicy] {
            try names.enumerated()
                .map { index, name in
                    guard let policy = self.policies[name] else {
                        let known = self.policies.keys.sorted().joined(separator: ", ")
                        throw self.object.error(
                            "\(owner).policies[\(index)]",
                            "is not a known policy; known are \(known)"
                        )
                    }
                    return policy
                }
        }

        private func checkNames() throws {
            try self.checkUnique(self.users.map(\.name), "users", "name")
            try self.checkUnique(self.users.map(\.credential.accessKeyID), "users", "accessKeyId")
            // RAM ignores case when it compares role names.
            try self.checkUnique(self.roles.map { $0.name.lowercased() }, "roles", "name")
            try self.checkUnique(self.settings.templates?.map(\.code) ?? [], "templates", "code")
        }

        private func checkUnique(_ values: [String], _ list: String, _ field: String) throws {
            var known: Set<String> = []
            for (index, value) in values.enumerated() where !known.insert(value).inserted {
                throw self.object.error("\(list)[\(index)].\(field)", "is already used by an earlier entry")
            }
        }

        private static func settings(_ object: StrictObject) throws -> AccountSettings {
            AccountSettings(
                balanceMicros: try object.decode(Amount.self, "balance")?.micros,
                prices: try self.prices(object),
                messagesPerNumberAndDay: try object.integer("messagesPerNumberAndDay", 0...1_000_000),
                senderIDs: try self.senderIDs(object),
                signatures: try self.signatures(object),
                templates: try object.decode([TemplateEntry].self, "templates")?.map(\.template),
                requestsPerSecond: try self.rates(object)
            )
        }

        private static func prices(_ object: StrictObject) throws -> PriceList {
            guard var amounts = try object.decode([String: Amount].self, "prices") else { return .samples }
            guard let other = amounts.removeValue(forKey: "other") else {
                throw object.error("prices.other", "is missing; it is the price for all other regions")
            }
            var list = PriceList(micros: [:], otherMicros: other.micros)
            for (code, amount) in amounts {
                guard let region = Region(code) else {
                    throw object.error("prices.\(code)", "is not an ISO 3166-1 region such as SG")
                }
                guard list.micros.updateValue(amount.micros, forKey: region) == nil else {
                    throw object.error("prices.\(code)", "sets the price of a region twice")
                }
            }
            return list
        }

        private static func senderIDs(_ object: StrictObject) throws -> [String]? {
            let list = try object.decode([String].self, "senderIds")
            for (index, id) in (list ?? []).enumerated() where !SenderID.isValid(id) {
                throw object.error("senderIds[\(index)]", "is not a sender ID: it \(SenderID.rule)")
            }
            return list
        }

        private static func signatures(_ object: StrictObject) throws -> [String]? {
            let list = try object.decode([String].self, "signatures")
            for (index, text) in (list ?? []).enumerated()
            where text.allSatisfy(\.isWhitespace) || text.utf16.count > 64 {
                throw object.error("signatures[\(index)]", "must have 1 to 64 characters")
            }
            return list
        }

        private static func rates(_ object: StrictObject) throws -> [String: Int] {
            let rates = try object.decode([String: Int].self, "requestsPerSecond") ?? [:]
            for (action, rate) in rates {
                guard GatewayActions.action(named: action) != nil else {
                    throw object.error("requestsPerSecond.\(action)", "is not a known action")
                }
                guard (0...1_000_000).contains(rate) else {
                    throw object.error("requestsPerSecond.\(action)", "must be 0 to 1000000")
                }
            }
            return rates
        }
    }
}
