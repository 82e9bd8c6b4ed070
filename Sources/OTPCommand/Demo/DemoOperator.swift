// SPDX-License-Identifier: Apache-2.0

import AdminPage
import Logging
import OTPServer
import SendGuard

/// The admin routes and the admin page of a demo.
struct DemoOperator: Sendable {
    let routes: AdminRoutes
    let recent: RecentActivity
    let page: AdminPageRoutes

    /// Creates the admin routes and the admin page.
    ///
    /// - Parameters:
    ///   - routes: The verification routes.
    ///   - audit: The history of audit events.
    ///   - logger: The logger for failures.
    init(_ routes: OTPRoutes, audit: any AuditHistory, logger: Logger) {
        self.routes = AdminRoutes(routes, audit: audit)
        self.recent = RecentActivity(self.routes, logger: logger)
        self.page = AdminPageRoutes(self.routes, recent: self.recent)
    }
}
