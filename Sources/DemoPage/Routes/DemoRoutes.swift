// SPDX-License-Identifier: Apache-2.0

package import Foundation
import HTMLPages
import HTTPTypes
package import Hummingbird
package import Logging
package import OTP
package import SMSKit
import SendGuard
import ServiceLifecycle

/// The routes of the registration page, which `otp demo` serves.
///
/// | route | response |
/// |---|---|
/// | `GET /demo` | the page for the current step |
/// | `POST /demo/…` | performs a step, and redirects to the page |
/// | `GET /demo/inbox` | the page, as soon as there is a new message, or after 20 seconds |
///
/// The page works without scripts. With scripts, it is updated without a reload.
package struct DemoRoutes: Sendable {
    private static let cookie = "otp-demo"
    private static let poll = Duration.seconds(20)

    private let flow: DemoFlow
    private let sessions: DemoSessions
    private let inbox: DemoInbox

    /// Creates the routes.
    ///
    /// - Parameters:
    ///   - otp: The service.
    ///   - sms: The client that notifies the old phone number after a change of an account's phone number.
    ///   - humanCheck: The human check of the guard; `nil` if the guard has no human check.
    ///   - plan: The numbering plan for phone numbers in forms.
    ///   - inbox: The inbox next to the form.
    ///   - logger: The logger.
    ///   - now: Returns the current time.
    package init(
        otp: OTPService,
        sms: any SMSClient,
        humanCheck: DemoHumanCheck? = nil,
        plan: NumberingPlan = .published,
        inbox: DemoInbox,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.flow = DemoFlow(otp: otp, sms: sms, humanCheck: humanCheck, plan: plan, now: now, logger: logger)
        self.sessions = DemoSessions(now: now)
        self.inbox = inbox
    }

    /// Adds the routes to a router.
    ///
    /// - Parameter router: The router. Its context must provide the address of the connection.
    package func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
        router.get("/") { request, _ in
            try DemoRequest.checkHost(request)
            return Response.toPage
        }
        router.get("/demo") { request, _ in try await self.page(request, isVisit: true) }
        router.get("/demo/inbox") { request, _ in
            try DemoRequest.checkHost(request)
            if let cursor = request.uri.queryParameters["after"] {
                // A waiting request must not delay a graceful shutdown.
                await cancelWhenGracefulShutdown { await self.inbox.wait(String(cursor), Self.poll) }
            }
            // An update of the inbox must not replace the cookie of a page that was opened in the meantime.
            return try await self.page(request, isVisit: false)
        }
        router.get("/demo/page.css") { _, _ in
            Response(page: PageStyle.base + PackageResources.page_css, mediaType: "text/css; charset=utf-8")
        }
        router.get("/demo/page.js") { _, _ in
            Response(page: PackageResources.page_js, mediaType: "text/javascript; charset=utf-8")
        }
        for name in DemoAction.names {
            router.post(RouterPath("/demo/\(name)")) { request, context in
                try await self.submit(name, request, context.remoteAddress?.ipAddress.flatMap { SourceAddress($0) })
            }
        }
    }

    /// Returns the page.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isVisit: Whether the visitor opens the page. If so, the page shows new recovery codes, which later pages do not
    ///     show, and a visitor without a session gets a session.
    /// - Returns: The page, or a redirection after a change of the language.
    /// - Throws: An HTTP error with status 403.
    private func page(_ request: Request, isVisit: Bool) async throws -> Response {
        try DemoRequest.checkHost(request)
        let accepted = request.headers[.acceptLanguage]
        let id = request.cookies[Self.cookie]?.value
        let selected = request.uri.queryParameters["lang"].flatMap { PageLanguage(rawValue: String($0)) }
        var cookie: Cookie?
        let session: DemoSession
        if let id, let known = await self.sessions.session(id, showsCodes: isVisit && selected == nil) {
            session = known
        } else {
            var new = DemoSession(region: RegionList.region(acceptLanguage: accepted))
            new.language = selected
            // The response to a request from before a registration must not replace the new cookie.
            if isVisit, await !self.isRenewed(id) { cookie = try self.cookie(await self.sessions.insert(new)) }
            session = new
        }
        guard selected == nil || session.language == selected else {
            if let id { _ = await self.sessions.update(id) { Self.session($0, in: selected) } }
            return .toPage
        }
        let language = session.language ?? PageLanguage(acceptLanguage: accepted)
        let view = await self.flow.view(of: session, in: language, await self.inbox.view())
        var response = Response(page: view.html)
        if let cookie { response.setCookie(cookie) }
        return response
    }

    private static func session(_ session: DemoSession, in language: PageLanguage?) -> DemoSession {
        var session = session
        session.language = language
        session.newCodes = []
        return session
    }

    /// Performs the action of a form, and redirects to the page.
    private func submit(_ name: String, _ request: Request, _ source: SourceAddress?) async throws -> Response {
        try DemoRequest.checkHost(request)
        try DemoRequest.checkOrigin(request)
        let fields = try await PageForm.fields(request)
        guard let action = DemoAction(name, fields) else { throw HTTPError(.notFound) }
        let accepted = request.headers[.acceptLanguage]
        let id = request.cookies[Self.cookie]?.value
        let submission = DemoSessions.Submission(form: fields["form"], action: action)
        var current = await self.update(id, by: submission) { session in
            guard session.formID == fields["form"] else { return Self.outdated(session, fields["form"]) }
            let language = session.language ?? PageLanguage(acceptLanguage: accepted)
            return await self.flow.perform(action, in: session, from: .init(source: source, language: language))
        }
        if current == nil {
            var session = DemoSession(region: RegionList.region(acceptLanguage: accepted))
            session.notice = id == nil ? .cookies : .outdated
            current = await self.sessions.insert(session)
        }
        var response = Response.toPage
        if let current, current != id { response.setCookie(try self.cookie(current)) }
        return response
    }

    private func update(
        _ id: String?,
        by submission: DemoSessions.Submission,
        _ change: @escaping @Sendable (DemoSession) async -> DemoSession
    ) async -> String? {
        guard let id else { return nil }
        return await self.sessions.update(id, by: submission, change)
    }

    private func isRenewed(_ id: String?) async -> Bool {
        guard let id else { return false }
        return await self.sessions.isRenewed(id)
    }

    /// Returns the session after an outdated form.
    ///
    /// A form is outdated if its ID (``DemoSession/formID``) has changed since the page was sent. An outdated form performs no
    /// action. The second request of a double click also has an outdated form. In this case, the notice of the first request
    /// remains.
    private static func outdated(_ session: DemoSession, _ form: String?) -> DemoSession {
        guard form != session.lastFormID else { return session }
        var session = session
        session.notice = .outdated
        return session
    }

    /// Returns the cookie of a session.
    ///
    /// The cookie is not `Secure`, because the demo has no TLS.
    private func cookie(_ id: String) throws -> Cookie {
        try .validated(name: Self.cookie, value: id, path: "/demo", secure: false, httpOnly: true, sameSite: .strict)
    }
}
