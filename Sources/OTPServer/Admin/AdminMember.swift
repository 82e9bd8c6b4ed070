// SPDX-License-Identifier: Apache-2.0

/// The names of all members in the request bodies of ``AdminRoutes``.
enum AdminMember: String, CaseIterable {
    case number, decision, address, tenant, purpose, tenants, purposes, days, blocks, state, region, seconds, rule, mode
}
