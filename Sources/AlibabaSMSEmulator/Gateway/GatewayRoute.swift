import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The gateway itself: `POST /` and `GET /`.
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
            let fault = GatewayFault(413, "InvalidParameter", "The body is too big or was cut off.")
            return GatewayReply(fault, requestID: requestID, host: authority).response
        }
        var call = GatewayCall(request, body: body)
        call.judgedAt = self.clock.clientTime
        call.isTakenUnproved = self.checks.settings.acceptsAnyRequest
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
            call.judgedAt = date
            await connection.setDateOfNextResponse(to: date)
        default: break
        }

        let reply = await self.reply(to: &call, decision: decision, requestID: requestID)

        switch decision.request?.effect {
        case .slow(let delay):
            await connection.wait(for: delay)
            return reply.response
        case .acceptThenClose:
            await connection.close()
            throw ConnectionClosed()
        case .http(let status, afterProcessing: true): return .page(status: status)
        case .garbage(afterProcessing: true): return .garbage
        default: return reply.response
        }
    }

    private func reply(
        to call: inout GatewayCall,
        decision: FaultDecision,
        requestID: String
    ) async -> GatewayReply {
        let now = self.clock.now
        if case .reject(let code, let status, let retryAfter) = decision.request?.effect {
            call.plannedFault = .planned(code, status: status, retryAfter: retryAfter)
        }
        do throws(GatewayFault) {
            let takesAnyKey = self.checks.settings.acceptsAnyRequest
            guard let namespace = call.namespace(self.checks.accessKeys, takesAnyKey: takesAnyKey) else {
                let message = "Emulator: the header \(InboxNamespace.header) is not 1 to 128 letters, digits and .-_@"
                throw GatewayFault(400, "InvalidParameter", message)
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
            return GatewayReply(error, requestID: requestID, host: call.authority)
        }
    }

    private func perform(_ call: GatewayCall, by service: MessageService) async -> GatewayReply {
        do throws(BusinessFault) {
            guard let action = call.action.flatMap(GatewayActions.action) else {
                throw BusinessFault("INVALID_PARAMETERS", "There is no such action.")
            }
            return GatewayReply(try await action.perform(call, by: service))
        } catch {
            return GatewayReply(error, requestID: service.requestID)
        }
    }
}
