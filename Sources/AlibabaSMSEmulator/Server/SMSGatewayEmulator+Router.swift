// SPDX-License-Identifier: Apache-2.0

import Hummingbird

extension SMSGatewayEmulator {
    /// Creates the router with all routes of the emulator.
    func router() -> Router<EmulatorRequestContext> {
        let router = Router(context: EmulatorRequestContext.self)
        let services = self.cloudServices()
        let hostGuard = HostGuard<EmulatorRequestContext>(self.configuration.servedHosts)
        let tokenGuard = TokenGuard<EmulatorRequestContext>(token: self.configuration.token)
        router.post("/") { try await services.respond(to: $0, $1) }
        // The page has the same path as the cloud services, which also accept GET requests.
        router.group().add(middleware: CloudServiceMiddleware(services: services)).add(middleware: hostGuard)
            .get("/") { request, _ in tokenGuard.allows(request) ? InboxPage.response() : SignInPage.response() }
        SessionRoute(tokenGuard: tokenGuard).add(to: router.group().add(middleware: hostGuard))
        router.group().add(middleware: hostGuard).add(middleware: tokenGuard)
            .get("page/:name") { _, context in
                try InboxPage.module(named: context.parameters.get("name") ?? "")
            }
        self.addMetadata(to: router)
        self.addAPI(to: router.group().add(middleware: hostGuard).add(middleware: tokenGuard).group("api/v1"))
        return router
    }

    private func cloudServices() -> CloudServices {
        let checks = GatewayChecks(
            accessKeys: self.world.accessKeys,
            settings: self.configuration.gateway,
            permissionDenial: self.configuration.account.permissionDenial,
            rates: self.world.rates
        )
        let gateway = GatewayRoute(
            checks: checks,
            rules: SendRules(self.configuration.account),
            account: self.world.account,
            carrier: self.world.carrier,
            faults: self.world.faults,
            inbox: self.inbox,
            clock: self.world.clock
        )
        let sts = SecurityTokenRoute(
            checks: checks,
            accessKeys: self.world.accessKeys,
            roles: self.configuration.roles,
            clock: self.world.clock
        )
        let recorder = RequestRecorder(
            log: self.requests,
            accessKeys: self.world.accessKeys,
            now: { self.world.clock.now },
            acceptsAnyKey: self.configuration.gateway.acceptsAnyRequest
        )
        return CloudServices(gateway: gateway, sts: sts, recorder: recorder)
    }

    private func addMetadata(to router: Router<EmulatorRequestContext>) {
        // On a real instance, the metadata service has this address.
        let hosts = self.configuration.servedHosts + ["100.100.100.200"]
        MetadataRoutes(
            accessKeys: self.world.accessKeys,
            role: self.configuration.instanceRole,
            allowsFirstVersion: self.configuration.allowsFirstMetadataVersion,
            now: { self.world.clock.now }
        )
        .add(to: router.group().add(middleware: HostGuard(hosts)))
    }

    private func addAPI(to api: RouterGroup<EmulatorRequestContext>) {
        InboxRoutes(inbox: self.inbox, requests: self.requests).add(to: api)
        RequestRoutes(log: self.requests).add(to: api)
        NamespaceRoutes(inbox: self.inbox, requests: self.requests).add(to: api)
        ControlRoutes(world: self.world).add(to: api)
        let events = EventRoute(events: self.world.events, pingInterval: self.pingInterval)
        api.get("events") { request, _ in try events.respond(to: request) }
    }
}
