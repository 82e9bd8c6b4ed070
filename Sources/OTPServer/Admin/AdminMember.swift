// SPDX-License-Identifier: Apache-2.0

/// A member of the body of a request to ``AdminRoutes``.
enum AdminMember: String, CaseIterable {
    case number, decision, address, tenant, purpose, tenants, purposes, days, blocks, state, region, seconds, rule, mode
}
