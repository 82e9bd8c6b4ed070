import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The gateway itself: `POST /`.
struct GatewayRoute: Sendable {
    static let maximumBodySize = 512 * 1024

    let checks: GatewayChecks
    let rules: SendRules
    let account: Account
    let inbox: Inbox
    let clock: EmulatorClock

    func respond(to request: Request) async -> Response {
        let requestID = UUID().uuidString
        let authority = request.head.authority ?? ""
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
        } catch {
            let fault = GatewayFault(413, "InvalidParameter", "The body is too big or was cut off.")
            return GatewayReply(fault, requestID: requestID, host: authority).response
        }
        var call = GatewayCall(request, body: body)
        return await self.reply(to: &call, requestID: requestID).response
    }

    private func reply(to call: inout GatewayCall, requestID: String) async -> GatewayReply {
        let now = self.clock.now
        let clientTime = self.clock.clientTime
        do {
            call.judgedAt = clientTime
            try self.checks.run(&call, at: now)
        } catch {
            return GatewayReply(error, requestID: requestID, host: call.authority)
        }
        let service = MessageService(
            rules: self.rules,
            account: self.account,
            inbox: self.inbox,
            requestID: requestID,
            now: now,
            clientTime: clientTime
        )
        do throws(BusinessFault) {
            guard let action = call.action.flatMap(GatewayActions.action) else {
                throw BusinessFault("INVALID_PARAMETERS", "There is no such action.")
            }
            return GatewayReply(try await action.perform(call, by: service))
        } catch {
            return GatewayReply(ServiceAnswer(error, requestID: requestID))
        }
    }
}
