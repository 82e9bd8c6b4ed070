// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Synchronization

/// Routes whose service and API keys can be replaced while the server runs.
///
/// A request in progress is not affected by a replacement.
///
/// A class, because the server and the code that replaces the routes share it.
package final class LiveRoutes: Sendable {
    private let routes: Mutex<OTPRoutes>

    /// Creates the routes.
    ///
    /// - Parameter routes: The first routes.
    package init(_ routes: OTPRoutes) { self.routes = Mutex(routes) }

    /// The routes for the next request.
    var current: OTPRoutes { self.routes.withLock { $0 } }

    /// Replaces the routes for all later requests.
    ///
    /// The new routes keep the counts of wrong API keys.
    ///
    /// - Parameter routes: The new routes.
    package func replace(with routes: OTPRoutes) {
        self.routes.withLock { current in
            var routes = routes
            routes.wrongKeys = current.wrongKeys
            current = routes
        }
    }

    /// Adds the routes to a router.
    func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
        OTPRoutes.add(to: router) { self.current }
    }
}
