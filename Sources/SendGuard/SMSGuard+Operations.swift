// SPDX-License-Identifier: Apache-2.0

/// The state that operators read and change while services run.
extension SMSGuard {
    /// The guard's ledger, as the store of used responses of human checks.
    package var responses: any ResponseLedger { self.ledger }

    /// Sets the mode of a rule in every process that uses the ledger.
    ///
    /// A process applies the change starting with its second decision after the call, because the reply to its first decision
    /// contains the change.
    ///
    /// - Parameters:
    ///   - mode: The mode; `nil` for the mode of the policy. A mode is forgotten a year after the last change of any mode.
    ///   - rule: The rule.
    /// - Returns: All run-time modes.
    /// - Throws: ``GuardConfigurationError`` if the policy has no such rule, or an error of the ledger.
    @discardableResult
    public func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes {
        guard self.policy[rule] != nil else {
            throw GuardConfigurationError("\(rule)", "the policy has no rule of this name")
        }
        let modes = try await self.ledger.setMode(mode, of: rule)
        self.scopes.apply(modes)
        return modes
    }

    /// Reads the run-time modes, and applies them to the next decision of this guard.
    ///
    /// - Returns: The modes.
    /// - Throws: An error of the ledger.
    @discardableResult
    public func refreshModes() async throws -> GuardModes {
        let modes = try await self.ledger.modes().modes
        self.scopes.apply(modes)
        return modes
    }

    /// Writes the counts of the report that are still in memory.
    ///
    /// Call this method before the process ends. If the ledger throws an error, the error is ignored and the counts are lost.
    public func flushReport() async {
        await self.tally.flush()
    }

    /// Returns the reports of the last days.
    ///
    /// - Parameter count: The number of days: 1 to 32.
    /// - Returns: The days, as numbers of days since 1970 in UTC, with their reports; today is the last.
    /// - Throws: An error of the ledger.
    public func reports(ofLastDays count: Int = 1) async throws -> [(day: Int, report: ReportDay)] {
        let today = try await self.ledger.modes().time.day
        var reports: [(day: Int, report: ReportDay)] = []
        for day in today - min(max(count, 1), ReportDay.retention) + 1...today {
            reports.append((day, try await self.ledger.report(ofDay: day)))
        }
        return reports
    }

    /// Returns the state of all rules.
    ///
    /// Sources and networks are not included, because the ledger stores no list of them.
    ///
    /// - Parameters:
    ///   - tenants: The names of additional tenants. Tenants with a budget of their own are always included.
    ///   - purposes: The names of the purposes to include for each tenant.
    /// - Returns: The state.
    /// - Throws: An error of the ledger.
    public func status(tenants: [String] = [], purposes: [String] = []) async throws -> GuardStatus {
        let (modes, time) = try await self.ledger.modes()
        self.scopes.apply(modes)
        let table = self.scopes.table
        let report = try await self.ledger.report(ofDay: time.day)
        var scopes: [GuardStatus.Scope] = []
        for (name, claim) in table.listed(tenants, purposes, report) {
            let claims = SendClaim(origin: [], shared: [claim], facts: .ofNobody)
            guard let record = try await self.ledger.records(of: claims)[0] else { continue }
            scopes.append(
                GuardStatus.Scope(kind: claim.limits.scope, name: name, states: record.states(claim.limits, at: time))
            )
        }
        let rules = self.scopes.policy.rules.map {
            GuardStatus.Rule(name: $0.name, policyMode: $0.mode, runTimeMode: modes.overrides[$0.name])
        }
        return GuardStatus(time: time, rules: rules, scopes: scopes)
    }
}

extension SendFacts {
    /// The properties of a send, in a claim that only reads records and counts no send.
    fileprivate static let ofNobody = SendFacts(cost: 0, destination: RegionCode(letters: 0), signals: [])
}
