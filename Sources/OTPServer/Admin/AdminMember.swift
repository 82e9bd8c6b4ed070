// SPDX-License-Identifier: Apache-2.0

/// The names of the members that the body of a request to ``AdminRoutes`` can have.
enum AdminMember: String, CaseIterable {
    case number, decision, address, tenant, purpose, tenants, purposes, days, blocks, state, region, seconds, rule, mode
}
