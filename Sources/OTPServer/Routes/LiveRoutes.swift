// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Synchronization

/// Routes whose service and API keys can be replaced while the server runs.
///
/// Each request uses the routes that were current at the beginning of the request.
///
/// A class, because the server and the code that replaces the routes share it.
package final class LiveRoutes: Sendable {
    private let routes: Mutex<OTPRoutes>

    /// Creates the routes.
    ///
    /// - Parameter routes: The routes for requests before the first replacement.
    package init(_ routes: OTPRoutes) { self.routes = Mutex(routes) }

    /// The routes for the next request.
    var current: OTPRoutes { self.routes.withLock { $0 } }

    /// Replaces the routes for all later requests.
    ///
    /// The new routes continue the counts of requests with wrong API keys.
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
