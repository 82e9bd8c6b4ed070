// SPDX-License-Identifier: Apache-2.0

package import Foundation
import HTMLPages
import HTTPTypes
package import Hummingbird
import Logging
import OTP
package import OTPServer
import OperatorReports
import SMSKit
import SendGuard

/// The routes of the admin page.
///
/// | route | response |
/// |---|---|
/// | `GET /admin` | the overview; without a session, the sign-in form |
/// | `GET /admin/look-up` | the explanation of a phone number or a decision |
/// | `POST /admin/…` | performs an action, and redirects to a page |
///
/// The page has no scripts. An operator signs in with an API key. After the sign-in, the browser receives only a session
/// identifier.
package struct AdminPageRoutes: Sendable {
    private static let cookie = "otp-admin"
    private static let overview = "/admin"
    private static let lookUp = "/admin/look-up"

    private let admin: AdminRoutes
    private let recent: RecentActivity
    private let sessions: AdminSessions
    private let responses = PageResponses(hasScript: false)
    private let now: @Sendable () -> Date

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - admin: The routes for operators, which provide the actions and the API keys of the page.
    ///   - recent: The samples for the chart of the last hours.
    ///   - now: Returns the current time.
    package init(
        _ admin: AdminRoutes,
        recent: RecentActivity,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.admin = admin
        self.recent = recent
        self.sessions = AdminSessions(now: now)
        self.now = now
    }

    /// Adds the routes to a router.
    ///
    /// - Parameter router: The router. The request context must provide the remote address of the connection.
    package func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
        router.get("/admin/page.css") { _, _ in
            self.responses.file(PageStyle.base + PackageResources.admin_css, mediaType: "text/css; charset=utf-8")
        }
        router.get("/admin") { request, context in
            try await self.page(request) { await self.overview($1, request, $0, context.logger) }
        }
        router.get("/admin/look-up") { request, context in
            try await self.page(request) { await self.lookUp($1, $0, context.logger) }
        }
        router.post("/admin/sign-in") { request, context in
            let address = context.remoteAddress.flatMap { SourceAddress($0) }
            return try await self.signIn(AdminRequest.fields(request), request, address, context.logger)
        }
        router.post("/admin/sign-out") { request, _ in
            _ = try await AdminRequest.fields(request)
            if let id = request.cookies[Self.cookie]?.value { await self.sessions.remove(id) }
            return self.responses.redirection(to: Self.overview)
        }
        for (path, action) in Self.actions {
            router.post(RouterPath(path)) { request, context in
                let form = AdminForm(
                    fields: try await AdminRequest.fields(request),
                    admin: self.admin,
                    logger: context.logger
                )
                return await self.submit(request, form, action)
            }
        }
    }

    private static let actions: [(path: String, action: AdminForm.Action)] = [
        ("/admin/lockdown", .lockdown), ("/admin/mode", .mode), ("/admin/look-up", .lookUp), ("/admin/unlock", .unlock),
        ("/admin/revoke", .revoke),
    ]

    // MARK: Sessions

    /// Returns a page for the session of a request, or the sign-in page if the request has no valid session.
    private func page(
        _ request: Request,
        _ body: (AdminSession, [Notice]) async -> Response
    ) async throws -> Response {
        guard let (id, session) = await self.session(request) else { return self.responses.page(SignInView().html) }
        return await body(session, await self.sessions.takeNotices(of: id))
    }

    /// Returns the session of a request; `nil` if there is no valid session.
    ///
    /// If the API key of the session is no longer valid, the session is removed.
    private func session(_ request: Request) async -> (id: String, session: AdminSession)? {
        guard let id = request.cookies[Self.cookie]?.value, let session = await self.sessions.session(id) else {
            return nil
        }
        guard self.admin.accepts(session.key) else {
            await self.sessions.remove(id)
            return nil
        }
        return (id, session)
    }

    private func signIn(
        _ fields: [String: String],
        _ request: Request,
        _ address: SourceAddress?,
        _ logger: Logger
    ) async throws -> Response {
        let text = (fields["key"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        let key: APIKey
        do {
            key = try self.admin.key(text, from: address, log: logger)
        } catch {
            let notice = Notice(.error, "\(error.code.title).")
            return self.page(SignInView(notice: notice).html, of: error)
        }
        if let old = request.cookies[Self.cookie]?.value { await self.sessions.remove(old) }
        let id = await self.sessions.insert(AdminSession(key))
        var response = self.responses.redirection(to: Self.overview)
        // A cookie without an expiry is deleted when the user closes the browser.
        response.setCookie(
            try .validated(
                name: Self.cookie,
                value: id,
                path: "/admin",
                secure: AdminRequest.isSecure(request),
                httpOnly: true,
                sameSite: .strict
            )
        )
        return response
    }

    /// Performs the action of a form, and redirects to the page with the form.
    ///
    /// The page then shows the result.
    private func submit(_ request: Request, _ form: AdminForm, _ action: AdminForm.Action) async -> Response {
        guard let (id, session) = await self.session(request) else {
            let notice = Notice(.info, "The session has ended. Sign in again.")
            return self.responses.page(SignInView(notice: notice).html, .unauthorized)
        }
        let result = await form.perform(action, in: session)
        await self.sessions.update(id) { stored in
            if let notice = result.notice { stored.add(notice) }
            if action == .lookUp { stored.look(up: result.subject) }
        }
        return self.responses.redirection(to: action.isOnOverview ? Self.overview : Self.lookUp)
    }

    // MARK: Pages

    private func overview(
        _ notices: [Notice],
        _ request: Request,
        _ session: AdminSession,
        _ logger: Logger
    ) async -> Response {
        let selected = request.uri.queryParameters["days"].flatMap { Int($0) }
        let days = selected.flatMap { OverviewView.ranges.contains($0) ? $0 : nil } ?? 1
        let (actions, policy, now) = (self.admin.operatorActions, self.admin.operatorActions.policy, self.now())
        let prices = Prices(policy)
        do throws(HTTPProblem) {
            let view = OverviewView(
                keyID: session.key.id,
                notices: notices,
                now: now,
                report: ActivityReport(try await actions.reports(ofLastDays: days, log: logger), prices),
                recent: await self.recent.intervals(until: now),
                status: try await actions.status(log: logger),
                hasPrices: !prices.isEmpty,
                homeRegions: (policy?.homeRegions ?? []).map(\.code).sorted()
            )
            return self.responses.page(view.html)
        } catch {
            return self.failure(error, "Overview", .overview, notices, session)
        }
    }

    private func lookUp(_ notices: [Notice], _ session: AdminSession, _ logger: Logger) async -> Response {
        let actions = self.admin.operatorActions
        var result: LookUpView.Result?
        do throws(HTTPProblem) {
            switch session.lookUp?.subject {
            case .number(let number):
                let request = SendRequest(
                    number: number,
                    tenant: OTPRoutes.defaultTenant,
                    purpose: OTPPurpose.registration.rawValue,
                    source: nil
                )
                result = .number(try await actions.explain(request, log: logger))
            case .decision(let id): result = .events(try await actions.events(of: id, log: logger))
            case nil: break
            }
        } catch {
            guard error.code == .unknownDecision else {
                return self.failure(error, "Look up", .lookUp, notices, session)
            }
            let unknown = Notice(.info, "The audit stream has no decision with this ID.")
            return self.responses.page(LookUpView(keyID: session.key.id, notices: notices + [unknown]).html)
        }
        let view = LookUpView(keyID: session.key.id, notices: notices, lookUpID: session.lookUp?.id, result: result)
        return self.responses.page(view.html)
    }

    /// Returns the page for one of two problems: the store is not reachable, or the service has no guard.
    private func failure(
        _ problem: HTTPProblem,
        _ title: String,
        _ place: AdminFrame.Place,
        _ notices: [Notice],
        _ session: AdminSession
    ) -> Response {
        let hasNoGuard = problem.code == .noGuard
        let reason =
            hasNoGuard
            ? Notice(.info, "The service has no guard. Look up numbers instead.")
            : Notice(.error, "The store is not reachable. Try again in a moment.")
        let frame = AdminFrame(title: title, keyID: session.key.id, place: place, notices: notices + [reason])
        let html = frame.html(#"<div class="head"><h1>\#(title)</h1></div>"#)
        return hasNoGuard ? self.responses.page(html) : self.page(html, of: problem)
    }

    /// Returns a page with the HTTP status and the `Retry-After` header of a problem.
    private func page(_ html: HTML, of problem: HTTPProblem) -> Response {
        var response = self.responses.page(html, problem.status)
        if let seconds = problem.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }
}
