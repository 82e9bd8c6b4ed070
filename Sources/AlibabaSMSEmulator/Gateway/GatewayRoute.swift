// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import NIOCore
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The routes of the gateway, `POST /` and `GET /`.
struct GatewayRoute: Sendable {
    static let maximumBodySize = 512 * 1024

    let checks: GatewayChecks
    let rules: SendRules
    let account: Account
    let carrier: Carrier
    let faults: FaultInjector
    let inbox: Inbox
    let clock: EmulatorClock

    func respond(to request: Request, requestID: String, on connection: Connection) async throws -> Response {
        let authority = request.head.authority ?? ""
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
        } catch {
            let error = GatewayError(413, "InvalidParameter", "The request body is too large or incomplete.")
            return GatewayResponse(error, requestID: requestID, host: authority).http
        }
        var call = GatewayCall(request, body: body)
        call.validationDate = self.clock.clientTime
        call.skipsAuthentication = self.checks.settings.acceptsAnyRequest
        let decision = self.faults.decide(call)

        switch decision.request?.effect {
        case .unreachable:
            await connection.close(withReset: true)
            throw ConnectionClosed()
        case .hang(let time):
            await connection.wait(for: time)
            await connection.close()
            throw ConnectionClosed()
        case .http(let status, afterProcessing: false): return .page(status: status)
        case .garbage(afterProcessing: false): return .garbage
        case .clockSkew(let skew):
            let date = self.clock.clientTime.addingTimeInterval(skew.inSeconds)
            call.validationDate = date
            await connection.setDateOfNextResponse(to: date)
        default: break
        }

        let response = await self.response(to: &call, decision: decision, requestID: requestID)

        switch decision.request?.effect {
        case .slow(let delay):
            await connection.wait(for: delay)
            return response.http
        case .acceptThenClose:
            await connection.close()
            throw ConnectionClosed()
        case .http(let status, afterProcessing: true): return .page(status: status)
        case .garbage(afterProcessing: true): return .garbage
        default: return response.http
        }
    }

    private func response(
        to call: inout GatewayCall,
        decision: FaultDecision,
        requestID: String
    ) async -> GatewayResponse {
        let now = self.clock.now
        if case .reject(let code, let status, let retryAfter) = decision.request?.effect {
            call.injectedError = .injected(code, status: status, retryAfter: retryAfter)
        }
        do throws(GatewayError) {
            let acceptsAnyKey = self.checks.settings.acceptsAnyRequest
            guard let namespace = call.namespace(self.checks.accessKeys, acceptsAnyKey: acceptsAnyKey) else {
                let message = "Emulator: the header \(InboxNamespace.header) must have 1 to 128 letters, digits or .-_@"
                throw GatewayError(400, "InvalidParameter", message)
            }
            try self.checks.run(&call, at: now)
            let service = MessageService(
                namespace: namespace,
                rules: self.rules,
                account: self.account,
                carrier: self.carrier,
                inbox: self.inbox,
                faults: decision.messages,
                requestID: requestID,
                now: now,
                clientTime: self.clock.clientTime
            )
            return await self.perform(call, by: service)
        } catch {
            return GatewayResponse(error, requestID: requestID, host: call.authority)
        }
    }

    private func perform(_ call: GatewayCall, by service: MessageService) async -> GatewayResponse {
        do throws(ServiceError) {
            guard let action = call.action.flatMap(GatewayActions.action) else {
                throw ServiceError("INVALID_PARAMETERS", "The action does not exist.")
            }
            return GatewayResponse(try await action.perform(call, by: service))
        } catch {
            return GatewayResponse(error, requestID: service.requestID)
        }
    }
}
