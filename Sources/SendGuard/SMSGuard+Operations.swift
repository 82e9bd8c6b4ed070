// SPDX-License-Identifier: Apache-2.0

/// The methods with which operators read and change the state of a guard while services run.
extension SMSGuard {
    /// The part of the guard's ledger that stores used responses of human checks, so that each response is accepted only once.
    package var responses: any ResponseLedger { self.ledger }

    /// Sets the mode of a rule in every process that uses the ledger.
    ///
    /// Each process receives the change with its next decision, and applies it to all later decisions.
    ///
    /// - Parameters:
    ///   - mode: The mode; `nil` for the mode of the policy. All run-time modes expire a year after the last change of any
    ///     mode.
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

    /// Reads the modes that operators have set at run time, and applies the modes to all later decisions of this guard.
    ///
    /// - Returns: The modes.
    /// - Throws: An error of the ledger.
    @discardableResult
    public func refreshModes() async throws -> GuardModes {
        let modes = try await self.ledger.modes().modes
        self.scopes.apply(modes)
        return modes
    }

    /// Writes the counts of the daily report (``ReportDay``) from memory to the ledger.
    ///
    /// Call this method before the process ends. If the ledger throws an error, the error is ignored and the counts are lost.
    public func flushReport() async {
        await self.tally.flush()
    }

    /// Returns the reports of the last days.
    ///
    /// - Parameter count: The number of days: 1 to 32.
    /// - Returns: The days with their reports, from the oldest day to today. Each `day` is the number of days since 1970 in
    ///   UTC.
    /// - Throws: An error of the ledger.
    public func reports(ofLastDays count: Int = 1) async throws -> [(day: Int, report: ReportDay)] {
        let today = try await self.ledger.modes().time.day
        var reports: [(day: Int, report: ReportDay)] = []
        for day in today - min(max(count, 1), ReportDay.retention) + 1...today {
            reports.append((day, try await self.ledger.report(ofDay: day)))
        }
        return reports
    }

    /// Returns the modes of all rules, and the states of the rules in each scope, such as a tenant or a region.
    ///
    /// Sources (client addresses) and networks are not included, because the ledger does not store a list of them.
    ///
    /// - Parameters:
    ///   - tenants: The names of additional tenants. The tenants in ``GuardPolicy/tenantBudgets`` are always included.
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
    /// Placeholder facts for a ``SendClaim`` that is used only to read records.
    ///
    /// Such a claim describes no send.
    fileprivate static let ofNobody = SendFacts(cost: 0, destination: RegionCode(letters: 0), signals: [])
}
