// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore

/// The route `POST /session`, which exchanges the token from the sign-in form for a cookie.
struct SessionRoute: Sendable {
    private static let maximumBodySize = 4096

    let tokenGuard: TokenGuard<EmulatorRequestContext>

    func add(to group: RouterGroup<EmulatorRequestContext>) {
        guard let token = self.tokenGuard.token else { return }
        group.post("session") { request, _ in
            let body = try? await request.body.collect(upTo: Self.maximumBodySize)
            let form = body.flatMap { String(validating: $0.readableBytesView, as: UTF8.self) }
            let fields = form.flatMap { [RequestParameter](form: $0) } ?? []
            guard let text = fields.first(where: { $0.name == "token" })?.value, token.matches(text) else {
                return SignInPage.response(isRepeated: true)
            }
            let cookie = "\(token.cookieName)=\(token.cookieValue); Path=/; HttpOnly; SameSite=Strict"
            return Response(
                status: .seeOther,
                headers: [.location: "/", .setCookie: cookie, .cacheControl: "no-store"]
            )
        }
    }
}
